using System.Text;
using HepBridge.FreeSwitch.Esl;
using HepBridge.Replay;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Replay;

public class ReplayServerTests
{
    private static readonly Recording _plain = Recording.Parse(EslCapture.Read("esl-plain.bin.gz"));
    private static readonly Recording _json = Recording.Parse(EslCapture.Read("esl-json.bin.gz"));

    [Fact]
    public async Task A_replay_of_everything_is_the_recorded_stream_byte_for_byte()
    {
        byte[] recorded = EslCapture.Read("esl-narrow.bin.gz");
        await using ReplayHarness harness = new(Recording.Parse(recorded));

        Assert.Equal(recorded, await harness.TalkAsync("auth ClueCon", "event plain ALL"));
    }

    [Fact]
    public async Task A_json_recording_is_replayed_byte_for_byte_too()
    {
        byte[] recorded = EslCapture.Read("esl-json.bin.gz");
        await using ReplayHarness harness = new(_json);

        byte[] heard = await harness.TalkAsync("auth ClueCon", "event json ALL");

        Assert.Equal(Events(recorded), Events(heard));
    }

    [Fact]
    public async Task The_dialog_after_a_wrong_password_matches_the_switchs_byte_for_byte()
    {
        await using ReplayHarness harness = new(_plain);

        Assert.Equal(EslCapture.Read("esl-badauth.bin"), await harness.TalkAsync("api status", "auth wrong"));
    }

    [Fact]
    public async Task The_access_lists_rejection_matches_the_switchs_byte_for_byte()
    {
        await using ReplayHarness harness = new(_plain, ReplayHarness.Burst with { Reject = true });

        Assert.Equal(EslCapture.Read("esl-rude-rejection.bin"), await harness.TalkAsync());
    }

    [Fact]
    public async Task The_replies_to_commands_and_the_goodbye_match_the_switchs()
    {
        string[] recorded = Answers(EslCapture.Read("esl-plain.bin.gz"));
        await using ReplayHarness harness = new(_plain);

        string[] heard = Answers(await harness.TalkAsync(
            "auth ClueCon", "api nosuchcommand", "nosuchcommand", "filter Unique-ID no-such-uuid", "filter delete all", "exit"));

        Assert.Equal(recorded.Where(answer => !answer.Contains("Job-UUID", StringComparison.Ordinal) && !answer.Contains("UP 0 years", StringComparison.Ordinal) && !answer.Contains("listener", StringComparison.Ordinal)), heard);
    }

    [Fact]
    public async Task A_subscription_gets_as_many_events_of_each_name_as_were_recorded()
    {
        await using ReplayHarness harness = new(_plain);

        byte[] heard = await harness.TalkAsync("auth ClueCon", "event plain CHANNEL_CREATE HEARTBEAT", "event plain CUSTOM sofia::register");

        Recording got = Recording.Parse(heard);
        foreach (string name in new[] { "CHANNEL_CREATE", "HEARTBEAT" })
        {
            Assert.Equal(_plain.Frames.Count(frame => frame.Name == name), got.Frames.Count(frame => frame.Name == name));
        }

        int registers = _plain.Frames.Count(frame => frame.Subclass == "sofia::register");
        Assert.True(registers > 0);
        Assert.Equal(registers, got.Frames.Count(frame => frame.Name == "CUSTOM"));
        Assert.Equal(got.Frames.Count, got.Frames.Count(frame => frame.Name is "CHANNEL_CREATE" or "HEARTBEAT" or "CUSTOM"));
    }

    [Fact]
    public async Task Nixed_and_filtered_events_are_not_sent()
    {
        await using ReplayHarness harness = new(_plain);
        string channel = _plain.HeaderOf(_plain.Frames.First(frame => frame.Name == "CHANNEL_CREATE"), "Unique-ID"u8);

        Recording got = Recording.Parse(await harness.TalkAsync("auth ClueCon", "event plain ALL", "nixevent CHANNEL_STATE", $"filter Unique-ID {channel}"));

        Assert.Equal(
            _plain.Frames.Count(frame => frame.Name != "CHANNEL_STATE" && _plain.HeaderOf(frame, "Unique-ID"u8) == channel),
            got.Frames.Count);
    }

    [Fact]
    public async Task Log_lines_are_sent_on_request_up_to_their_level()
    {
        byte[] recorded = EslCapture.Read("esl-log.bin.gz");
        Recording recording = Recording.Parse(recorded);
        await using ReplayHarness harness = new(recording);

        byte[] heard = await harness.TalkAsync("auth ClueCon", "log NOTICE");

        int notices = recording.Frames.Count(frame => frame.LogLevel is >= 0 and <= 5);
        Assert.True(notices > 0 && notices < 285);
        Assert.Equal(notices, Recording.Parse(heard).Frames.Count);
        Assert.Contains("Reply-Text: +OK log level NOTICE [5]", Encoding.UTF8.GetString(heard[..200]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "event json ALL", "plain")]
    [InlineData(false, "event xml ALL", "plain")]
    [InlineData(true, "event plain ALL", "json")]
    [InlineData(true, "event ALL", "json")]
    public async Task The_other_format_is_refused_with_the_right_command(bool json, string command, string named)
    {
        await using ReplayHarness harness = new(json ? _json : _plain);

        string heard = Encoding.UTF8.GetString(await harness.TalkAsync("auth ClueCon", command, "exit"));

        Assert.Contains("Reply-Text: -ERR ", heard, StringComparison.Ordinal);
        Assert.Contains($"'event {named} …'", heard, StringComparison.Ordinal);
        Assert.DoesNotContain("Event-Name", heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("userauth hep@example.org:ClueCon", true)]
    [InlineData("userauth other@example.org:ClueCon", false)]
    [InlineData("userauth hep@example.org:wrong", false)]
    [InlineData("userauth hep:ClueCon", false)]
    public async Task A_user_of_the_directory_needs_name_and_password(string command, bool accepted)
    {
        await using ReplayHarness harness = new(_plain, ReplayHarness.Burst with { User = "hep@example.org" });

        string heard = Encoding.UTF8.GetString(await harness.TalkAsync(command, "exit"));

        Assert.Contains(accepted ? "+OK accepted\nAllowed-Events: all\n" : "-ERR invalid\n", heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Channels_in_the_middle_of_a_recording_are_listed_and_dumped_in_plain_format(bool json)
    {
        Recording recording = json ? _json : _plain;
        ReplayApi api = new(recording, TimeProvider.System);
        Assert.Equal("{\"row_count\":0}", Encoding.UTF8.GetString(api.Execute("show channels as json")));
        int middle = recording.Frames.Count / 3;
        api.MoveTo(middle, new Playback(recording, new PlaybackOptions { KeepTimes = true }, TimeProvider.System));
        Assert.True(ChannelList.TryRead(api.Execute("show channels as json"), out List<string> channels));
        Assert.NotEmpty(channels);
        foreach (string channel in channels)
        {
            byte[] dump = api.Execute($"uuid_dump {channel}");
            HepBridge.FreeSwitch.Events.EventParser parser = new();
            Assert.True(parser.TryParse(dump, HepBridge.FreeSwitch.Events.EventEncoding.Plain, out HepBridge.FreeSwitch.Events.FreeSwitchEvent data, out _));
            Assert.Equal("CHANNEL_DATA", Encoding.UTF8.GetString(data.Name));
            Assert.True(data.Find("Unique-ID"u8).IsPresent);
            Assert.True(data.Find("variable_uuid"u8).IsPresent);
        }

        Assert.Equal("-ERR No such channel!\n", Encoding.UTF8.GetString(api.Execute("uuid_dump nobody")));
    }

    [Fact]
    public async Task A_channel_rebuild_finds_the_channels_in_progress()
    {
        // The client waits in the middle of playback: nothing is due for hours.
        await using ReplayHarness harness = new(_plain, ReplayHarness.Burst with { Playback = new PlaybackOptions { Skip = TimeSpan.FromSeconds(20), Speed = 0.0001 } });
        EslEndpoint endpoint = new("127.0.0.1", harness.Port, null, "ClueCon");
        (EslConnection? playing, EslOutcome outcome) = await EslConnector.OpenAsync(endpoint, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);
        Assert.True(outcome.IsSuccess, outcome.Message);
        using EslConnection connection = playing!;
        await connection.SendAsync("event plain ALL", CancellationToken.None);
        EslReply reply = await EslReply.ReceiveAsync(connection, CancellationToken.None);
        Assert.False(reply.IsError);
        while (!connection.TryReadFrame(out _))
        {
            Assert.True(await connection.ReceiveAsync(CancellationToken.None));
        }

        await connection.SendAsync("api status", CancellationToken.None);
        await EslReply.ReceiveAsync(connection, CancellationToken.None);
        int dumps = 0;
        ChannelSyncResult result = await new ChannelSync(endpoint, TimeSpan.FromSeconds(60), TimeProvider.System).RunAsync(dump => dumps += dump.Length > 0 ? 1 : 0, CancellationToken.None);

        Assert.True(result.Outcome.IsSuccess, result.Outcome.Message);
        Assert.True(result.Listed > 0);
        Assert.Equal(result.Listed, result.Dumped);
        Assert.Equal(result.Dumped, dumps);
    }

    [Fact]
    public async Task Each_client_gets_its_own_playback_and_once_ends_with_the_first()
    {
        await using (ReplayHarness harness = new(_plain))
        {
            byte[][] heard = await Task.WhenAll(harness.TalkAsync("auth ClueCon", "event plain ALL"), harness.TalkAsync("auth ClueCon", "event plain ALL"));
            Assert.Equal(heard[0], heard[1]);
        }

        await using ReplayHarness once = new(_plain, ReplayHarness.Burst with { Once = true });
        await once.TalkAsync("auth ClueCon", "exit");
        Assert.False(once.Running.IsCompleted);
        await once.TalkAsync("auth ClueCon", "event plain ALL");
        await once.Running;
    }

    private static byte[] Events(byte[] stream)
    {
        Recording recording = Recording.Parse(stream);
        return [.. recording.Frames.SelectMany(frame => stream.AsSpan(frame.Offset, frame.Length).ToArray())];
    }

    private static string[] Answers(byte[] stream)
    {
        List<string> answers = [];
        int at = 0;
        while (EslFraming.TryRead(stream.AsSpan(at), int.MaxValue, out EslFrame frame, out int length, out _))
        {
            at += length;
            if (!frame.IsEventOrLog)
            {
                answers.Add(Encoding.UTF8.GetString(frame.Bytes));
            }
        }

        return [.. answers];
    }
}
