using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Inputs.LogFiles;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Tests.Inputs.LogFiles;

public sealed class LogFilesInputTests : IDisposable
{
    private const int UuidLength = 36;
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-logs-").FullName;
    // More lines are held for a leg here than the default allows.
    private readonly PipelineRig _rig = new(calls: new CallOptions { HoldPerLeg = 1_000 });

    private string LogPath => Path.Combine(_directory, "app.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_line_becomes_a_packet_with_its_Call_ID_time_and_address()
    {
        using LogFilesInput input = Open("""
            { "path": "PATH", "tag": "app", "host": "192.0.2.9", "time_format": "unix_us", "pattern": "^(?<time>\\d+) .*callid=(?<callid>\\S+)" }
            """, "\"HEP_ID\": 11,");
        long time = _rig.Now() - 5;
        Write($"{time} INVITE callid=a@x from René\n");
        CollectedPacket packet = Assert.Single(_rig.Packets);
        Assert.Equal((HepPayloadType.Log, "a@x", "192.0.2.9", "192.0.2.9", 11u, time), (packet.Type, packet.CallId, packet.Source, packet.Destination, packet.CaptureId, packet.Microseconds));
        Assert.StartsWith($"{time} INVITE callid\\=a@x from René; tag=app host=192.0.2.9 file=app.log; callid=a@x time=", packet.Payload, StringComparison.Ordinal);

        void Write(string text)
        {
            File.AppendAllText(LogPath, text);
            input.ReadOnce();
        }
    }

    [Fact]
    public void A_file_name_cannot_imitate_the_tail_of_a_line()
    {
        using LogFilesInput input = Open("""{ "path": "PATH*", "tag": "my app", "pattern": "id=(\\S+)" }""");
        File.AppendAllText(LogPath + "; callid=b@x", "id=a@x\n");
        input.ReadOnce();
        Assert.Contains("; tag=my_app file=app.log__callid_b@x; callid=a@x time=", Assert.Single(_rig.Packets).Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_address_and_time_a_packet_has_the_loopback_address_and_the_time_of_reading()
    {
        using LogFilesInput input = Open("""{ "path": "PATH", "host": "web-1", "pattern": "id=(\\S+)" }""");
        File.AppendAllText(LogPath, "id=a@x\n");
        input.ReadOnce();
        CollectedPacket packet = Assert.Single(_rig.Packets);
        Assert.Equal(("127.0.0.1", _rig.Now()), (packet.Source, packet.Microseconds));
    }

    [Fact]
    public void Lines_below_the_level_are_filtered_and_lines_without_a_call_are_counted()
    {
        using LogFilesInput input = Open("""{ "path": "PATH", "pattern": "(?<level>[A-Z]+) id=(?<callid>\\S+)" }""", "\"report_log_level\": \"warning\",");
        File.AppendAllText(LogPath, "INFO id=a@x\nERROR id=a@x\nodd id=a@x\nnothing\n");
        input.ReadOnce();
        Assert.Equal(["ERROR id=a@x;"], _rig.Packets.Select(packet => packet.Payload[..13]));
        Assert.Contains(("NoCall", 2), input.Refused);
        Assert.Equal(1, _rig.Pipeline.Counters.Filtered);
    }

    [Fact]
    public void Invalid_UTF_8_is_repaired_and_a_long_line_truncated()
    {
        using LogFilesInput input = Open("""{ "path": "PATH", "pattern": "id=(\\S+)" }""", "\"max_line\": 256,");
        File.WriteAllBytes(LogPath, [.. "id=a@x \xe9\0 "u8, 0xff, .. Encoding.ASCII.GetBytes(new string('x', 500)), (byte)'\n']);
        input.ReadOnce();
        Assert.Matches("x …\\[\\d+ bytes cut\\]; file=app.log", Assert.Single(_rig.Packets).Payload);
    }

    [Fact]
    public async Task A_reload_keeps_the_files_open_and_applies_patterns_and_flags()
    {
        using LogFilesInput input = Open("""{ "path": "PATH", "pattern": "id=(\\S+)" }""");
        File.AppendAllText(LogPath, "id=a@x\n");
        input.ReadOnce();
        Assert.True(await input.TryApplyAsync(Configuration("""{ "path": "PATH", "pattern": "call=(\\S+)", "tag": "new" }"""), CancellationToken.None));
        File.AppendAllText(LogPath, "id=a@x\ncall=b@x\n");
        input.ReadOnce();
        Assert.Equal(["a@x", "b@x"], _rig.Packets.Select(packet => packet.CallId));
        Assert.False(await input.TryApplyAsync(Configuration("""{ "path": "/other", "pattern": "call=(\\S+)" }"""), CancellationToken.None));
    }

    [Fact]
    public void The_switchs_own_log_file_finds_each_legs_Call_ID_by_UUID()
    {
        byte[] stream = EslCapture.Read("esl-log.bin.gz");
        using LogFilesInput input = Open(
            """{ "path": "PATH", "multiline": "^[0-9a-f-]{36} ", "pattern": "^(?<uuid>[0-9a-f-]{36}) (?:(?<time>\\d{4}-\\S+ \\S+) .*?\\[(?<level>[A-Z]+)\\])?" }""", "\"report_log_level\": \"debug\",");
        Dictionary<string, string> truth = [];
        List<string> lines = [];
        EventParser parser = new();
        foreach ((byte[] bytes, EventEncoding encoding) in RecordedEvents.All(stream))
        {
            Assert.True(parser.TryParse(bytes, encoding, out FreeSwitchEvent e, out _));
            if (encoding == EventEncoding.Log && e.Get(KnownHeader.UserData).Raw.Length == UuidLength)
            {
                // As mod_logfile writes it.
                lines.Add($"{Encoding.UTF8.GetString(e.Get(KnownHeader.UserData).Raw)} {Encoding.UTF8.GetString(e.Body.Raw).TrimEnd('\n')}\n");
            }
            else if (!e.Get(KnownHeader.VariableSipCallId).IsEmpty)
            {
                truth[Encoding.UTF8.GetString(e.Get(KnownHeader.UniqueId).Raw)] = Uri.UnescapeDataString(Encoding.UTF8.GetString(e.Get(KnownHeader.VariableSipCallId).Raw));
            }
        }

        // Half of the lines are written before the switch's events, the other half after.
        Append(lines.Take(lines.Count / 2));
        _rig.Feed(stream);
        Append(lines.Skip(lines.Count / 2));

        string[] expected = [.. lines.Where(line => truth.ContainsKey(line[..UuidLength])).Select(line => $"{truth[line[..UuidLength]]} {line.Split('\n')[0][..Math.Min(90, line.IndexOf('\n', StringComparison.Ordinal))]}").Order(StringComparer.Ordinal)];
        string[] reported = [.. _rig.Packets.Where(packet => packet.Payload.Contains("; file=app.log", StringComparison.Ordinal))
            .Select(packet => $"{packet.CallId} {packet.Payload.Split("; file=")[0].Split('\n')[0]}").Select(text => text[..Math.Min(text.Length, text.IndexOf(' ', StringComparison.Ordinal) + 91)]).Order(StringComparer.Ordinal)];
        Assert.True(expected.Length > 100 && expected.Select(line => line.Split(' ')[0]).Distinct().Count() > 4, $"only {expected.Length} lines");
        Assert.Equal(expected, reported);

        void Append(IEnumerable<string> half)
        {
            File.AppendAllText(LogPath, string.Concat(half));
            while (input.ReadOnce())
            {
            }

            // The last record ends with a second of silence.
            _rig.Time.Advance(TimeSpan.FromSeconds(2));
            input.ReadOnce();
        }
    }

    private LogFilesInput Open(string file, string keys = "")
    {
        File.WriteAllText(LogPath, "");
        LogFilesInput input = new(Configuration(file, keys), _rig.Pipeline, _rig.Time, NullLogger<LogFilesInput>.Instance);
        input.Open();
        input.ReadOnce();
        return input;
    }

    private LogFilesInputConfiguration Configuration(string file, string keys = "") =>
        Reading.Good($$"""{ "hep_config": {}, "logs_config": { {{keys}} "state_path": "", "logs": {{file.Replace("PATH", LogPath, StringComparison.Ordinal)}} } }""").LogFilesInputs[0];
}
