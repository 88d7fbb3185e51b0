using System.Text;
using System.Text.Json;
using HepBridge.FreeSwitch.Esl;
using HepBridge.Replay;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Replay;

/// <summary>The stand-in compared with whole recorded connections of the switch: every byte, and the end of each write.</summary>
public class RecordedDialogueTests
{
    private const int RecorderBuffer = 65_536;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly ReplayServerOptions _paced = new() { StartDelay = TimeSpan.Zero, Stay = true, Playback = new PlaybackOptions { Speed = 1_000_000, KeepTimes = true } };

    // Commands of the recording client, deduced from the replies: those sent before the recorded frames, and those after the last one.
    public static TheoryData<string, string[], string[]> Connections => new()
    {
        { "esl-log.bin.gz", ["auth ClueCon", "log 7\n\nevent plain ALL"], ["nolog", "exit"] },
        { "esl-multicast-refire.bin.gz", ["auth ClueCon", "event plain ALL"], ["exit"] },
        { "esl-narrow.bin.gz", ["auth ClueCon", "event plain ALL"], [] },
        { "esl-badauth.bin", ["api status", "auth wrong"], [] },
        { "esl-rude-rejection.bin", [], [] },
    };

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task A_whole_connection_matches_the_recorded_one_down_to_the_ends_of_writes(string file, string[] first, string[] last)
    {
        byte[] recorded = EslCapture.Read(file);
        Recording recording = first.Length > 1 && !file.Contains("badauth", StringComparison.Ordinal) ? Recording.Parse(recorded) : Recording.Parse(EslCapture.Read("esl-log.bin.gz"));
        ReplayServerOptions options = _paced with { Reject = first.Length == 0, Stay = last.Length > 0 };

        List<byte[]> writes = await TalkAsync(recording, options, first, last, last.Length == 0 ? int.MaxValue : EndOfEvents(recording));

        Assert.Equal(recorded, writes.SelectMany(write => write).ToArray());
        HashSet<long> ends = [];
        long end = 0;
        foreach (byte[] write in writes)
        {
            ends.Add(end += write.Length);
        }

        Assert.All(Reads(file), read => Assert.Contains(read, ends));
    }

    [Fact]
    public async Task Header_and_body_of_an_event_are_two_writes()
    {
        Recording recording = Recording.Parse(EslCapture.Read("esl-narrow.bin.gz"));
        List<byte[]> writes = await TalkAsync(recording, _paced with { Stay = false }, ["auth ClueCon", "event plain ALL"], [], int.MaxValue);

        string[] expected =
        [
            "Content-Type: auth/request\n\n", "Content-Type: command/reply\nReply-Text: +OK accepted\n\n", "Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n",
            .. recording.Frames.SelectMany(frame => (string[])[Text(recording, frame.Offset, frame.HeaderLength), Text(recording, frame.BodyOffset, frame.BodyLength)]),
        ];
        Assert.Equal(expected, writes.Select(Encoding.Latin1.GetString));
    }

    [Fact]
    public async Task A_json_connection_starts_like_the_switchs_and_ends_without_a_notice()
    {
        byte[] recorded = EslCapture.Read("esl-json.bin.gz");
        await using ReplayHarness harness = new(Recording.Parse(recorded));

        byte[] heard = await harness.TalkAsync("auth ClueCon", "event json ALL");

        int dialogue = "Content-Type: auth/request\n\n".Length + 54 + 73;
        Assert.Equal(recorded[..dialogue], heard[..dialogue]);
        Assert.Equal(recorded[^2000..], heard[^2000..]);
    }

    [Fact]
    public async Task A_background_job_keeps_the_id_that_the_client_gave_it()
    {
        byte[] recorded = EslCapture.Read("esl-plain.bin.gz");
        Recording recording = Recording.Parse(recorded);
        await using ReplayHarness harness = new(recording);

        byte[] heard = await harness.TalkAsync("auth ClueCon", "bgapi status\nJob-UUID: 11111111-2222-3333-4444-555555555555", "exit");

        byte[] reply = "Content-Type: command/reply\nReply-Text: +OK Job-UUID: 11111111-2222-3333-4444-555555555555\nJob-UUID: 11111111-2222-3333-4444-555555555555\n\n"u8.ToArray();
        Assert.True(recorded.AsSpan().IndexOf(reply) > 0);
        Assert.True(heard.AsSpan().IndexOf(reply) > 0);
    }

    private static string Text(Recording recording, int offset, int length) => Encoding.Latin1.GetString(recording.Bytes, offset, length);

    // Everything up to the end of the last event or log line.
    private static int EndOfEvents(Recording recording) => recording.Frames[^1].Offset + recording.Frames[^1].Length;

    private static async Task<List<byte[]>> TalkAsync(Recording recording, ReplayServerOptions options, string[] first, string[] last, int lastAfter)
    {
        using CancellationTokenSource patience = new(_patience);
        using MessageSocket sockets = await MessageSocket.ConnectAsync();
        using ReplayConnection connection = new(sockets.Server, recording, options, new ReplayApi(recording, TimeProvider.System), TimeProvider.System);
        Task running = connection.RunAsync(patience.Token);
        List<byte[]> writes = [];
        int heard = 0;
        Queue<string> commands = new(first);
        bool isEnding = false;
        while (await sockets.ReceiveAsync(patience.Token) is { Length: > 0 } write)
        {
            writes.Add(write);
            heard += write.Length;
            if (!isEnding && heard >= lastAfter)
            {
                isEnding = true;
                commands = new Queue<string>(last);
            }

            // The next command once the previous one was answered.
            if (commands.Count > 0 && IsAnswer(write, isEnding))
            {
                await sockets.Client.SendAsync(Encoding.ASCII.GetBytes(commands.Dequeue() + "\n\n"), patience.Token);
            }
        }

        sockets.Client.Shutdown(System.Net.Sockets.SocketShutdown.Both);
        await running;
        return writes;
    }

    private static bool IsAnswer(byte[] write, bool isEnding) =>
        isEnding || (EslFraming.TryRead(write, int.MaxValue, out EslFrame frame, out _, out _) && frame.ContentType is EslContentType.AuthRequest or EslContentType.CommandReply);

    // The ends of the recording client's reads, except those that filled its buffer: they may end anywhere.
    private static List<long> Reads(string file)
    {
        List<long> ends = [];
        foreach (string line in File.ReadLines(RecordingTimestamps.PathFor(EslCapture.Path(file))))
        {
            using JsonDocument read = JsonDocument.Parse(line);
            int length = read.RootElement.GetProperty("n").GetInt32();
            if (length is > 0 and < RecorderBuffer)
            {
                ends.Add(read.RootElement.GetProperty("o").GetInt64() + length);
            }
        }

        Assert.NotEmpty(ends);
        return ends;
    }
}
