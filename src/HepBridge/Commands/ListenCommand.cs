using System.CommandLine;
using System.Globalization;
using System.Net;
using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;

namespace HepBridge.Commands;

/// <summary><c>listen</c>: a HEP3 receiver that prints what an agent or a switch sends.</summary>
internal static class ListenCommand
{
    public static Command Create()
    {
        Option<int> port = new("--port")
        {
            Description = "UDP and TCP port; 0 for any free one.",
            DefaultValueFactory = _ => 9060,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
                {
                    result.AddError($"'{text}' is not a valid port (0–65535).");
                }

                return number;
            },
        };
        Option<IPAddress> bind = new("--bind")
        {
            Description = "Address to listen on; 0.0.0.0 or :: opens the port to the network.",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (IPAddress.TryParse(text, out IPAddress? address))
                {
                    return address;
                }

                result.AddError($"'{text}' is not an IP address.");
                return null;
            },
        };
        Option<bool> json = new("--json") { Description = "Print each packet as a JSON object on one line." };
        Option<bool> tcp = new("--tcp") { Description = "Receive by TCP as well as UDP; '--tcp false' for UDP only.", DefaultValueFactory = _ => true };
        Option<string?> read = new("--read") { Description = "Print the packets of a HEP3 stream file first: an export of the page, or a spool file.", HelpName = "FILE" };
        Option<bool> web = new("--web") { Description = "Show the calls on a page at 127.0.0.1 (--web-port) instead of printing each packet." };
        Option<int> webPort = new("--web-port") { Description = "Port of the page; 0 for any free one.", DefaultValueFactory = _ => 9080 };
        DetailedCommand command = new(
            "listen",
            "Receive HEP3 packets like Homer, and print them.",
            """
            Point HEP_SERVER and HEP_PORT of config.json here to see what Homer would receive. Each packet is printed as a line with time, type,
            addresses, capture id and Call-ID, followed by its payload. Invalid packets are reported on standard error. Ctrl-C prints the counts and exits.

            Examples:
              hepbridge listen
              hepbridge listen --json | jq 'select(.type == 5)'     RTCP reports only
              hepbridge listen --web                                show the calls in the browser
              hepbridge listen --read call.hep --web                view an export of the page
              hepbridge listen --bind 0.0.0.0 --port 9061           accept other hosts
            """)
        {
            port, bind, json, tcp, read, web, webPort,
        };
        command.SetAction((result, cancellationToken) => ListenAsync(
            new Settings(
                new IPEndPoint(result.GetValue(bind)!, result.GetValue(port)),
                result.GetValue(json),
                result.GetValue(tcp),
                result.GetValue(read),
                result.GetValue(web) ? result.GetValue(webPort) : null),
            result.InvocationConfiguration.Output,
            TextWriter.Synchronized(result.InvocationConfiguration.Error),
            cancellationToken));
        return command;
    }

    private static async Task<int> ListenAsync(Settings settings, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        // With a page, packets are shown there; --json still prints them.
        TextWriter printed = settings.WebPort is null || settings.Json ? output : TextWriter.Null;
        PrintingHandler handler = new(settings.Json ? new JsonPrinter(printed) : new TextPrinter(printed), error);
        CallStore store = new();
        IHepHandler receiver = settings.WebPort is null ? handler : new ViewerHandler(store, handler);
        try
        {
            if (settings.Read is not null && !HepStreamFile.TryRead(await File.ReadAllBytesAsync(settings.Read, cancellationToken), receiver, out string problem))
            {
                await error.WriteLineAsync($"{settings.Read}: {problem}.");
                return 1;
            }

            await using HepListener listener = HepListener.Start(settings.EndPoint, receiver, settings.Tcp);
            await using ViewerHost? page = settings.WebPort is { } port
                ? await ViewerHost.StartAsync(new ViewerOptions { Endpoint = new IPEndPoint(IPAddress.Loopback, port), AllowImport = true }, store, status: null, cancellationToken)
                : null;
            await error.WriteLineAsync($"listening on {listener.EndPoint} ({(settings.Tcp ? "UDP and TCP" : "UDP")}); Ctrl-C ends");
            if (page is not null)
            {
                await error.WriteLineAsync($"the page is at {page.Address}");
            }

            await Task.WhenAny(listener.Completion, Task.Delay(Timeout.Infinite, cancellationToken));

            // Packets may still arrive: count them after the listener has ended.
            await listener.DisposeAsync();
            await error.WriteLineAsync(handler.Totals());
            if (listener.Completion.Exception?.InnerException is { } failure)
            {
                await error.WriteLineAsync($"Stopped receiving: {failure.Message}");
                return 1;
            }

            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private sealed record Settings(IPEndPoint EndPoint, bool Json, bool Tcp, string? Read, int? WebPort);
}
