using System.Globalization;
using System.Text;
using HepBridge.Replay;

namespace HepBridge.Commands.Record;

/// <summary>Writes what a switch sends: the raw bytes, and next to them one line per read, <c>{"o": offset, "t": epoch seconds, "n": length}</c>.</summary>
/// <remarks>Both files are new and only readable by their owner (0600): they contain personal data.</remarks>
internal sealed class StreamRecorder : IDisposable
{
    private readonly FileStream _bytes;
    private readonly StreamWriter _reads;
    private readonly TimeProvider _time;

    /// <summary>Creates both files.</summary>
    /// <exception cref="IOException">One of them exists or cannot be created.</exception>
    public StreamRecorder(string path, TimeProvider time)
    {
        _time = time;
        ReadsPath = RecordingTimestamps.PathFor(path);
        _reads = new StreamWriter(ReadsPath, new UTF8Encoding(false), NewFile()) { NewLine = "\n" };
        try
        {
            _bytes = new FileStream(path, NewFile());
        }
        catch (Exception)
        {
            _reads.Dispose();
            File.Delete(ReadsPath);
            throw;
        }
    }

    /// <summary>The file with the reads.</summary>
    public string ReadsPath { get; }

    public long Length { get; private set; }

    /// <summary>Writes one read; an empty one marks the end of the stream.</summary>
    public void Write(ReadOnlyMemory<byte> read)
    {
        long microseconds = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        _reads.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"o\": {Length}, \"t\": {microseconds / 1_000_000}.{microseconds % 1_000_000:000000}, \"n\": {read.Length}{(read.IsEmpty ? ", \"eof\": true" : "")}}}"));
        _bytes.Write(read.Span);
        Length += read.Length;
    }

    /// <summary>A file that must not exist, for its owner only.</summary>
    public static FileStreamOptions NewFile()
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 256 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _reads.Dispose();
    }
}
