using System.CommandLine;
using System.Globalization;
using System.Net;
using HepBridge.Listening;

namespace HepBridge.Commands;

/// <summary><c>listen</c>: a HEP3 receiver that prints what comes, to see what the agent or a switch sends.</summary>
internal static class ListenCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port, for UDP and TCP. 0 takes a free one.",
            DefaultValueFactory = _ => 9060,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
                {
                    result.AddError($"--port takes a number from 0 to 65535, and '{text}' is none.");
                }

                return number;
            },
        };
        var bind = new Option<IPAddress>("--bind")
        {
            Description = "The address of this host to listen on; 0.0.0.0 or :: for all of them, which opens the port to the network.",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (IPAddress.TryParse(text, out IPAddress? address))
                {
                    return address;
                }

                result.AddError($"--bind takes an IP address, and '{text}' is none.");
                return null;
            },
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print each packet as a JSON object on one line.",
        };
        var tcp = new Option<bool>("--tcp")
        {
            Description = "Receive by TCP beside UDP; '--tcp false' leaves UDP only.",
            DefaultValueFactory = _ => true,
        };
        DetailedCommand command = new(
            "listen",
            "Receive HEP3 packets as Homer does, and print each.",
            """
            Point HEP_SERVER and HEP_PORT of config.json here to see what Homer would get. A packet is a line of its time, type, addresses, capture id and
            Call-ID, and its payload behind; bytes that are no packet are a line with the reason on standard error. Ctrl-C ends it with the counts.

            Examples:
              hepbridge listen
              hepbridge listen --json | jq 'select(.type == 5)'     RTCP reports only
              hepbridge listen --bind 0.0.0.0 --port 9061           for other hosts, too
            """)
        {
            port, bind, json, tcp,
        };
        command.SetAction((result, cancellationToken) => ListenAsync(
            new IPEndPoint(result.GetValue(bind)!, result.GetValue(port)),
            result.GetValue(json),
            result.GetValue(tcp),
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> ListenAsync(
        IPEndPoint endPoint, bool json, bool tcp, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        // Packets and malformed lines come from several connections, the lines of this method from here.
        error = TextWriter.Synchronized(error);
        var handler = new PrintingHandler(json ? new JsonPrinter(output) : new TextPrinter(output), error);
        HepListener listener;
        try
        {
            listener = HepListener.Start(endPoint, handler, tcp);
        }
        catch (IOException e)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }

        await using (listener)
        {
            await error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"listening on {listener.EndPoint} ({(tcp ? "UDP and TCP" : "UDP")}); Ctrl-C ends"));
            await Task.WhenAny(listener.Completion, Task.Delay(Timeout.Infinite, cancellationToken));
        }

        await error.WriteLineAsync(handler.Totals());
        if (listener.Completion.Exception?.InnerException is not Exception failure)
        {
            return 0;
        }

        await error.WriteLineAsync($"Stopped receiving: {failure.Message}");
        return 1;
    }
}
