using System.CommandLine;
using System.Net.Sockets;
using HepBridge.Commands.Demo;
using HepBridge.Replay;

namespace HepBridge.Commands;

/// <summary><c>demo</c>: a recorded switch, the agent and a collector in one process.</summary>
internal static class DemoCommand
{
    private static readonly Option<double> _speed = new("--speed") { Description = "Playback speed; 1 is as recorded (63 seconds)", DefaultValueFactory = static _ => 10 };
    private static readonly Option<bool> _multicast = new("--multicast") { Description = "Use encrypted mod_event_multicast instead of the event socket" };
    private static readonly Option<bool> _verbose = new("--verbose") { Description = "Print every packet the collector receives, like 'listen'" };
    private static readonly Option<bool> _web = new("--web") { Description = "Show the calls on a page at 127.0.0.1 (--web-port) until Ctrl-C" };
    private static readonly Option<int> _webPort = new("--web-port") { Description = "Port of the page; 0 for any free one", DefaultValueFactory = static _ => 9080 };

    public static Command Create()
    {
        DetailedCommand command = new(
            "demo",
            "See HepBridge at work with recorded calls, without any setup.",
            """
            A stand-in event socket plays a recording of a real FreeSWITCH with 18 calls. The agent reads it like any switch, with all reports on,
            and sends HEP3 packets to a small collector. At the end it prints the calls the collector found and the numbers of packets sent,
            received and lost. Everything runs in this process, on free ports of loopback.

            Exit codes: 0 calls were found and no packet was lost, 1 otherwise.

            Examples:
              hepbridge demo
              hepbridge demo --verbose | less      also print every packet
              hepbridge demo --web                 show the calls in the browser
              hepbridge demo --speed 1             at the recorded speed
            """)
        {
            _speed, _multicast, _verbose, _web, _webPort,
        };
        _speed.Require(static result => result.GetValueOrDefault<double>() is >= 0.1 and <= 1000, "--speed must be 0.1 to 1000.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        try
        {
            // Packets and log lines come from several threads.
            TextWriter output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output);
            DemoOptions options = new(parsed.GetValue(_speed), parsed.GetValue(_multicast), parsed.GetValue(_verbose), parsed.GetValue(_web) ? parsed.GetValue(_webPort) : null);
            return await new DemoRun(Recording.LoadDemo(), options, output).RunAsync(cancellationToken) ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped before the end of the recording.");
        }
        catch (IOException e)
        {
            await error.WriteLineAsync($"The demo's page cannot start: {e.Message}");
        }
        catch (SocketException e)
        {
            await error.WriteLineAsync($"There is no free port on 127.0.0.1: {e.Message}");
        }

        return 1;
    }
}
