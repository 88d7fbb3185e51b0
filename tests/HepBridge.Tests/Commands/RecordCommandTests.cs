using System.CommandLine;
using System.Globalization;
using HepBridge.Commands;
using HepBridge.Replay;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Replay;

namespace HepBridge.Tests.Commands;

public sealed class RecordCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hepbridge-record-");
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _error.Dispose();
    }

    [Fact]
    public async Task Recording_a_replay_gives_the_recording_byte_for_byte()
    {
        byte[] recorded = EslCapture.Read("esl-narrow.bin.gz");
        await using ReplayHarness harness = new(Recording.Parse(recorded));
        string file = Path.Combine(_folder.FullName, "again.bin");

        int exit = await RunAsync(file, "--port", harness.Port.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(0, exit);
        Assert.Equal(recorded, await File.ReadAllBytesAsync(file));
        string reads = Path.Combine(_folder.FullName, "again.reads.jsonl");
        RecordingTimestamps times = RecordingTimestamps.Parse(File.ReadLines(reads));
        Assert.True(times.At(recorded.Length) > 0);
        Assert.EndsWith("\"n\": 0, \"eof\": true}", (await File.ReadAllLinesAsync(reads))[^1], StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(reads));
        }

        Assert.Contains("personal data", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_existing_file_is_not_overwritten()
    {
        string file = Path.Combine(_folder.FullName, "there.bin");
        await File.WriteAllTextAsync(file, "mine");

        Assert.Equal(2, await RunAsync(file, "--port", "1"));
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task A_wrong_password_is_a_failure_that_leaves_nothing_behind()
    {
        await using ReplayHarness harness = new(Recording.Parse(EslCapture.Read("esl-narrow.bin.gz")));
        string file = Path.Combine(_folder.FullName, "none.bin");

        Assert.Equal(1, await RunAsync(file, "--port", harness.Port.ToString(CultureInfo.InvariantCulture), "--password", "wrong-one"));
        Assert.Empty(_folder.GetFiles());
        Assert.Contains("refuses the password", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_format_is_a_failure_with_the_switchs_reply()
    {
        await using ReplayHarness harness = new(Recording.Parse(EslCapture.Read("esl-narrow.bin.gz")));

        Assert.Equal(1, await RunAsync(Path.Combine(_folder.FullName, "none.bin"), "--port", harness.Port.ToString(CultureInfo.InvariantCulture), "--format", "json"));
        Assert.Contains("contains plain events", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    private async Task<int> RunAsync(string file, params string[] more)
    {
        RootCommand root = [RecordCommand.Create(), ReplayCommand.Create()];
        return await root.Parse(["record", file, .. more]).InvokeAsync(new InvocationConfiguration { Error = _error });
    }
}
