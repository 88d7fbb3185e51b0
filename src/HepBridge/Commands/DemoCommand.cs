using System.CommandLine;
using System.Net.Sockets;
using HepBridge.Commands.Demo;
using HepBridge.Replay;

namespace HepBridge.Commands;

/// <summary><c>demo</c>: a recorded switch, the bridge and a collector in one process, to see what HepBridge does with nothing installed.</summary>
internal static class DemoCommand
{
    private static readonly Option<double> _speed = new("--speed") { Description = "Play so many times as fast as recorded (63 seconds)", DefaultValueFactory = static _ => 10 };
    private static readonly Option<bool> _multicast = new("--multicast") { Description = "The switch sends its events by mod_event_multicast, encrypted, in place of its event socket" };
    private static readonly Option<bool> _verbose = new("--verbose") { Description = "Print each packet that the collector receives, as 'listen' does" };
    private static readonly Option<bool> _web = new("--web") { Description = "Show the calls on a page at 127.0.0.1 (--web-port) while they are played, until Ctrl-C" };
    private static readonly Option<int> _webPort = new("--web-port") { Description = "The page's port; 0 takes a free one", DefaultValueFactory = static _ => 9080 };

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        DetailedCommand command = new(
            "demo",
            "See what HepBridge does, with nothing installed and nothing set up.",
            """
            A recording of a real FreeSWITCH with 18 calls is played by a stand-in event socket; the bridge reads it as it would read a switch, with
            every report on, and sends HEP3 packets to a small collector. It ends with a table of the calls that the collector found, and with the
            counts of packets made, received and lost. All of it stays on this host's loopback, on free ports, in this one process.

            Exit code 0: calls were found, and no packet was lost. 1: otherwise.

            Examples:
              hepbridge demo
              hepbridge demo --verbose | less      each packet as well
              hepbridge demo --web                 the calls on a page in the browser
              hepbridge demo --speed 1             as slowly as it was
            """)
        {
            _speed, _multicast, _verbose, _web, _webPort,
        };
        _speed.MustHold(static result => result.GetValueOrDefault<double>() is >= 0.1 and <= 1000, "--speed must be 0.1 to 1000.");
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
