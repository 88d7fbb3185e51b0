using System.IO.Compression;
using HepBridge.Replay;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Replay;

/// <summary>Recordings as files: gzipped under any name, and truncated.</summary>
public sealed class RecordingFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("calls.bin", true)]
    [InlineData("calls", true)]
    [InlineData("calls.bin.gz", false)]
    [InlineData("calls.bin.gz", true)]
    public void Gzip_is_detected_by_content(string name, bool packed)
    {
        byte[] bytes = EslCapture.Read("esl-narrow.bin.gz");
        string path = Path.Combine(_directory, name);
        using (Stream file = File.Create(path))
        using (Stream target = packed ? new GZipStream(file, CompressionLevel.Fastest) : file)
        {
            target.Write(bytes);
        }

        Recording recording = Recording.Load(path);
        Assert.Equal(Recording.Parse(bytes).Frames.Count, recording.Frames.Count);
        Assert.Null(recording.CutEvent);
    }

    [Theory]
    [InlineData("esl-narrow.bin.gz")]
    [InlineData("esl-json.bin.gz")]
    public void A_truncated_last_event_is_reported(string capture)
    {
        byte[] bytes = EslCapture.Read(capture);
        Recording whole = Recording.Parse(bytes);
        int last = whole.Frames.Count - 1;
        while (whole.Frames[last].Name.Length == 0)
        {
            last--;
        }

        int end = whole.Frames[last].Offset + whole.Frames[last].Length;
        Recording cut = Recording.Parse(bytes[..(end - 2)]);
        Assert.StartsWith(whole.Frames[last].Name + " at byte ", cut.CutEvent, StringComparison.Ordinal);
        Assert.Equal(last, cut.Frames.Count);
        Assert.StartsWith("an event at byte ", Recording.Parse(bytes[..(whole.Frames[last].Offset + 3)]).CutEvent, StringComparison.Ordinal);
    }
}
