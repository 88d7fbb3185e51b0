using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Replay;

namespace HepBridge.Commands;

/// <summary><c>replay [FILE]</c>: stands in for FreeSWITCH's event socket by playing a recording.</summary>
internal static partial class ReplayCommand
{
    private static readonly Argument<FileInfo?> _file = new("FILE")
    {
        Description = "A recording made by 'record', plain or gzipped (default: that of the demo). Its .reads.jsonl sets the pace; without it, the events' own times.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<int> _port = new("--port") { Description = "TCP port to listen on; 0 for any free one", DefaultValueFactory = static _ => 8021 };
    private static readonly Option<string> _bind = new("--bind") { Description = "Address to listen on; any other than loopback exposes the recording to the network", DefaultValueFactory = static _ => "127.0.0.1" };
    private static readonly Option<string> _password = new("--password") { Description = "Password that clients must send", DefaultValueFactory = static _ => "ClueCon" };
    private static readonly Option<string?> _user = new("--user") { Description = "The only user@domain that 'userauth' accepts (default: any)" };
    private static readonly Option<double> _speed = new("--speed") { Description = "Playback speed; 1 is as recorded", DefaultValueFactory = static _ => 1 };
    private static readonly Option<bool> _burst = new("--burst") { Description = "Play as fast as the client reads" };
    private static readonly Option<double> _from = new("--from") { Description = "Skip this many seconds, so that calls are in progress when the client connects" };
    private static readonly Option<bool> _keepTimes = new("--keep-times") { Description = "Keep the recorded times (default: shift them to now, so that Homer shows the calls as current)" };
    private static readonly Option<bool> _loop = new("--loop") { Description = "Start over at the end" };
    private static readonly Option<bool> _stay = new("--stay") { Description = "Keep connections open after the last event (default: close them, like a switch that stops)" };
    private static readonly Option<bool> _once = new("--once") { Description = "Exit after playing to the first client" };
    private static readonly Option<bool> _reject = new("--reject") { Description = "Reject every client like a switch's access list, to see what that looks like" };
    private static readonly Option<string?> _hep = new("--hep") { Description = "Instead of listening, send the HEP packets of FILE, or the demo's SIP, by UDP to ADDRESS:PORT, such as a hep_input (127.0.0.1:9061)" };

    public static Command Create()
    {
        DetailedCommand command = new(
            "replay",
            "Stand in for a FreeSWITCH: accept event socket clients and play a recording to them.",
            """
            Each client gets what it subscribes to ('event plain CHANNEL_CREATE …', 'log 7'), played from the start. The 'api' commands version,
            status, show channels as json and uuid_dump are answered from the recording. A recording contains either plain or JSON events;
            subscribing to the other format is refused.

            Examples:
              hepbridge replay                                  the demo's calls; then, in another terminal: hepbridge check
              hepbridge replay calls.bin                        then, in another terminal: hepbridge run
              hepbridge replay calls.bin.gz --speed 10 --once   ten times faster, for one client
              hepbridge replay calls.bin --burst --keep-times   at full speed with the recorded times, to compare runs
              hepbridge replay calls.bin --from 20 --stay       the client connects in the middle of calls
              hepbridge replay calls.bin --multicast 225.1.1.1:4242 --interface eth0 --psk secret
              hepbridge replay sip.hep --hep 127.0.0.1:9061     send recorded HEP packets, such as a switch's SIP capture
              hepbridge replay calls.bin --amqp mq1 --format-fields '#FreeSWITCH,FreeSWITCH-Hostname'
            """)
        {
            _file, _port, _bind, _password, _user, _speed, _burst, _from, _keepTimes, _loop, _stay, _once, _reject,
            _multicast, _psk, _interface, _ttl, _multicastLoopback, _hep,
            _amqp, _amqpUser, _amqpPassword, _amqpVirtualHost, _amqpExchange, _formatFields,
        };
        _port.Require(static result => result.GetValueOrDefault<int>() is >= 0 and <= 65535, "--port must be 0 to 65535.");
        _bind.Require(static result => IPAddress.TryParse(result.GetValueOrDefault<string>(), out _), "--bind must be an address of this host, such as 127.0.0.1 or ::1.");
        _speed.Require(static result => result.GetValueOrDefault<double>() is > 0 and <= 1_000_000, "--speed must be above 0; for no pace at all use --burst.");
        _from.Require(static result => result.GetValueOrDefault<double>() is >= 0 and <= 1e9, "--from must be a number of seconds, 0 or more.");
        CheckMulticastOptions();
        _hep.Require(static result => IPEndPoint.TryParse(result.GetValueOrDefault<string>() ?? "", out IPEndPoint? to) && to.Port > 0, "--hep must be an address with a port, such as 127.0.0.1:9061.");
        CheckAmqpOptions();
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        TextWriter error = parsed.InvocationConfiguration.Error;
        FileInfo? file = parsed.GetValue(_file);
        if (parsed.GetValue(_hep) is { } hep)
        {
            return await SendHepAsync(parsed, file, IPEndPoint.Parse(hep), cancellationToken);
        }

        if (file is not null && HepRecording.IsOne(file.Name))
        {
            await error.WriteLineAsync($"{file.Name} contains HEP packets: say where to send them with --hep, such as --hep 127.0.0.1:9061.");
            return 2;
        }

        string name = file?.Name ?? "the demo's recording";
        ReplayServerOptions options = OptionsOf(parsed);
        Recording recording;
        try
        {
            recording = file is null ? Recording.LoadDemo() : Recording.Load(file.FullName);
        }
        catch (Exception e) when (e is RecordingException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await error.WriteLineAsync($"{file} cannot be played: {e.Message}");
            return 2;
        }

        if (recording.CutEvent is { } cut)
        {
            await error.WriteLineAsync($"{name} ends inside {cut}: that last event is incomplete and is not played.");
        }

        if (TryParseGroup(parsed.GetValue(_multicast), out IPEndPoint? group))
        {
            return await SendAsync(parsed, recording, group, cancellationToken);
        }

        if (TryParseBroker(parsed.GetValue(_amqp), out HepServer? broker))
        {
            return await PublishAsync(parsed, recording, broker, cancellationToken);
        }

        try
        {
            using ReplayServer server = new(recording, options, TimeProvider.System);
            TimeSpan span = TimeSpan.FromMicroseconds(recording.Frames[^1].Time - recording.Frames[0].Time);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Replaying {name} on {server.EndPoint}: {recording.Frames.Count} {(recording.IsJson ? "JSON" : "plain")} events and log lines of {span.TotalSeconds:0} s. Ctrl-C ends."));
            server.ClientChanged += output.WriteLine;
            await server.RunAsync(cancellationToken);
            return 0;
        }
        catch (SocketException e)
        {
            await error.WriteLineAsync($"Cannot listen on {options.Bind} port {options.Port}: {e.Message}. Give another --port (0: any free one) or --bind.");
            return 1;
        }
    }

    private static ReplayServerOptions OptionsOf(ParseResult parsed) => new()
    {
        Bind = IPAddress.Parse(parsed.GetValue(_bind)!),
        Port = parsed.GetValue(_port),
        Password = parsed.GetValue(_password)!,
        User = parsed.GetValue(_user),
        Reject = parsed.GetValue(_reject),
        Stay = parsed.GetValue(_stay),
        Once = parsed.GetValue(_once),
        Playback = new PlaybackOptions
        {
            Speed = parsed.GetValue(_burst) ? 0 : parsed.GetValue(_speed),
            Skip = TimeSpan.FromSeconds(parsed.GetValue(_from)),
            KeepTimes = parsed.GetValue(_keepTimes),
            Loop = parsed.GetValue(_loop),
        },
    };

    // Like a switch's SIP capture.
    private static async Task<int> SendHepAsync(ParseResult parsed, FileInfo? file, IPEndPoint to, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        TextWriter error = parsed.InvocationConfiguration.Error;
        HepRecording recording;
        try
        {
            recording = file is null ? HepRecording.LoadDemo() : HepRecording.Load(file.FullName);
        }
        catch (Exception e) when (e is RecordingException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{file} can't be sent: {e.Message}");
            return 2;
        }

        if (recording.CutAt is { } cut)
        {
            await error.WriteLineAsync($"{file?.Name} ends inside the packet at byte {cut}: that packet is cut off and is not sent.");
        }

        using Socket socket = new(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        long refused = 0;
        HepReplay replay = new(recording, OptionsOf(parsed).Playback, TimeProvider.System, async (packet, cancel) =>
        {
            try
            {
                await socket.SendToAsync(packet, SocketFlags.None, to, cancel);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // Tells of an earlier packet; a receiver may still come.
                refused++;
            }
        });
        await output.WriteLineAsync($"Sending {recording.Packets.Count} packets to {to}. Ctrl-C ends.");
        try
        {
            await replay.RunAsync(null, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the regular end.
        }
        catch (SocketException e)
        {
            await error.WriteLineAsync($"Cannot send to {to}: {e.Message}");
            return 1;
        }

        string unheard = refused == 0 ? "" : $"; {refused} were refused: nothing listens there";
        await output.WriteLineAsync($"{replay.Sent} packets sent{unheard}.");
        return 0;
    }
}
