using System.CommandLine;
using System.Net;
using HepBridge.Collector.Printing;
using HepBridge.Commands.Record;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Commands;

/// <summary><c>record FILE</c>: records what a switch's event socket sends.</summary>
internal static class RecordCommand
{
    private static readonly Argument<FileInfo> _file = new("FILE") { Description = "File to create, such as calls.bin. calls.reads.jsonl is created next to it." };
    private static readonly Option<string> _server = new("--server") { Description = "Host name or address of the switch", DefaultValueFactory = static _ => "127.0.0.1" };
    private static readonly Option<int> _port = new("--port") { Description = "Port of its event socket", DefaultValueFactory = static _ => 8021 };
    private static readonly Option<string?> _user = new("--user") { Description = "user@domain of the switch's directory (default: log in by password only)" };
    private static readonly Option<string> _password = new("--password") { Description = "Password. Visible in the process list, so prefer --password-file", DefaultValueFactory = static _ => "ClueCon" };
    private static readonly Option<FileInfo?> _passwordFile = new("--password-file") { Description = "File with the password in its first line" };

    private static readonly Option<string[]> _events = new("--events")
    {
        Description = "Events to subscribe to, such as CHANNEL_CREATE HEARTBEAT sofia::register; ALL for everything",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = static _ => ["ALL"],
    };

    private static readonly Option<string> _format = new("--format") { Description = "Format of the events: plain or json", DefaultValueFactory = static _ => "plain" };
    private static readonly Option<string?> _log = new("--log") { Description = "Also record the switch's log lines, up to this level: NOTICE, INFO, DEBUG, or 0 to 7" };
    private static readonly Option<string?> _hep = new("--hep") { Description = "Instead of an event socket, record the HEP packets that arrive at this ADDRESS:PORT by UDP and TCP" };
    private static readonly Option<double?> _seconds = new("--seconds") { Description = "Stop after this many seconds (default: at Ctrl-C)" };

    public static Command Create()
    {
        DetailedCommand command = new(
            "record",
            "Record what a FreeSWITCH sends on its event socket, for 'replay' or a bug report.",
            """
            A recording is not masked: it holds names, numbers, addresses, dialed digits, SRTP keys, and passwords in dial strings and variables.
            Only its owner can read it. Check its content before you share it.

            Examples:
              hepbridge record calls.bin --seconds 60
              hepbridge record calls.bin --server pbx1 --password-file esl.pass --events CHANNEL_CREATE CHANNEL_ANSWER CHANNEL_DESTROY
              hepbridge record calls.bin --format json --log NOTICE
              hepbridge record sip.hep --hep 127.0.0.1:9061     what capture-server or another agent sends
            """)
        {
            _file, _server, _port, _user, _password, _passwordFile, _events, _format, _log, _hep, _seconds,
        };
        _port.Require(static result => result.GetValueOrDefault<int>() is > 0 and <= 65535, "--port must be 1 to 65535.");
        _seconds.Require(static result => result.GetValueOrDefault<double?>() is null or (> 0 and <= 1e9), "--seconds must be above 0.");
        _format.AcceptOnlyFromAmong("plain", "json");
        _hep.Require(static result => IPEndPoint.TryParse(result.GetValueOrDefault<string>() ?? "", out _), "--hep must be an address with a port, such as 127.0.0.1:9061.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RecordHepAsync(ParseResult parsed, FileInfo file, IPEndPoint listen, CancellationToken cancellationToken)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        using HepStreamRecording recording = new(file.FullName);
        await recording.RunAsync(listen, at => error.WriteLine($"Recording HEP packets at {at} to {file}. It is not masked: it will hold personal data."), cancellationToken);
        string malformed = recording.Malformed == 0 ? "" : $"; {recording.Malformed} were no HEP3 and left out";
        await error.WriteLineAsync($"{recording.Length} bytes, {recording.Packets} packets{malformed}. Send them with: hepbridge replay {file} --hep ADDRESS:PORT");
        return 0;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        FileInfo file = parsed.GetRequiredValue(_file);
        try
        {
            using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(_seconds) is { } seconds)
            {
                ending.CancelAfter(TimeSpan.FromSeconds(seconds));
            }

            if (parsed.GetValue(_hep) is { } hep)
            {
                return await RecordHepAsync(parsed, file, IPEndPoint.Parse(hep), ending.Token);
            }

            EslSubscription subscription = SubscriptionOf(parsed);
            string password = parsed.GetValue(_passwordFile) is { } passwordFile ? File.ReadLines(passwordFile.FullName).FirstOrDefault("") : parsed.GetValue(_password)!;
            EslEndpoint endpoint = new(parsed.GetValue(_server)!, parsed.GetValue(_port), parsed.GetValue(_user), password);
            using StreamRecorder recorder = new(file.FullName, TimeProvider.System);
            await error.WriteLineAsync($"Recording {endpoint} to {file}. It is not masked: it will contain personal data, SRTP keys, and passwords in dial strings.");
            EslRecording recording = new(endpoint, subscription, TimeProvider.System);
            bool recorded = await recording.RunAsync(recorder, ending.Token);
            if (recording.End is { } end)
            {
                await error.WriteLineAsync(VisibleText.Line(end));
            }

            if (!recorded)
            {
                File.Delete(file.FullName);
                File.Delete(recorder.ReadsPath);
                return 1;
            }

            await error.WriteLineAsync($"{recorder.Length} bytes, {recording.Frames} events and log lines. Replay with: hepbridge replay {file}");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await error.WriteLineAsync($"Cannot record to {file}: {e.Message}");
            return 2;
        }
    }

    private static EslSubscription SubscriptionOf(ParseResult parsed)
    {
        string[] names = [.. parsed.GetValue(_events)!.SelectMany(static name => name.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))];
        EslEventFormat format = parsed.GetValue(_format) == "json" ? EslEventFormat.Json : EslEventFormat.Plain;
        ILookup<bool, string> isSubclass = names.ToLookup(static name => name.Contains("::", StringComparison.Ordinal));
        return new EslSubscription(isSubclass[false], isSubclass[true], format, parsed.GetValue(_log));
    }
}
