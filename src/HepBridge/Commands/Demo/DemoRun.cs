using System.Globalization;
using System.Net;
using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Hosting.Telemetry;
using HepBridge.Replay;
using Microsoft.Extensions.Logging;

namespace HepBridge.Commands.Demo;

/// <summary>
/// A recorded switch, the agent as in <c>run</c>, and a collector, all on loopback: plays the recording once, then
/// shows the results.
/// </summary>
internal sealed class DemoRun(Recording recording, DemoOptions options, TextWriter output)
{
    private const int Width = 120;
    private const string AgentPrefix = "  agent │ ";
    private static readonly TimeSpan _lastPackets = TimeSpan.FromSeconds(5);

    /// <summary>Whether calls were found and no packet was lost.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        DemoCollector received = new(options.IsVerbose ? new TextPrinter(output) : null);
        CallStore store = new();
        await using HepListener collector = HepListener.Start(new IPEndPoint(IPAddress.Loopback, 0), new ViewerHandler(store, received));
        PlaybackOptions playback = new() { Speed = options.Speed };
        playback = playback with { Shift = new Playback(recording, playback, TimeProvider.System).Shift };
        DemoSip sip = new(HepRecording.LoadDemo(), playback);
        using IDemoSwitch @switch = options.IsMulticast ? new MulticastSwitch(recording, playback, DemoSip.FreePort()) : new EventSocketSwitch(recording, playback);
        Introduce(@switch, sip, collector.EndPoint);

        AgentConfiguration configuration = Configure(@switch, sip, collector.EndPoint);
        LogLevelSwitch level = new(configuration.LogLevel);
        using ILoggerFactory loggers = AgentHosting.CreateLogging(level, new DemoLog(output, AgentPrefix, Width));
        using AgentService service = new(
            configuration, new ConfigurationSource(null, ConfigurationEnvironment.FromProcess(), InputKinds.BuiltIn.Sections), level, loggers);
        Agent agent = service.Agent;
        await using ViewerHost? page = options.WebPort is { } port
            ? await ViewerHost.StartAsync(
                new ViewerOptions { Endpoint = new IPEndPoint(IPAddress.Loopback, port), AllowImport = true },
                store,
                new AgentStatusSource(agent, TimeProvider.System),
                cancellationToken)
            : null;
        if (page is not null)
        {
            output.WriteLine($"  page      {page.Address}\n");
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<int> running = service.RunAsync(stop.Token);
        try
        {
            await Task.WhenAll(@switch.PlayAsync(agent, cancellationToken), sip.PlayAsync(agent, recording.Frames[0].Time, cancellationToken));
            output.WriteLine("\n  End of the recording: the switch disconnects, and the agent stops.\n");
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }

        cancellationToken.ThrowIfCancellationRequested();

        PacketCounts counts = new(agent, received);
        await received.WaitForAsync(counts.Made, _lastPackets);
        output.WriteLine();
        bool any = CallsTable.Write(store, output);
        bool isWhole = counts.Write(output) && any;
        if (page is not null)
        {
            output.WriteLine($"\nThe page stays at {page.Address} until Ctrl-C.");
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return isWhole;
    }

    private static AgentConfiguration Configure(IDemoSwitch @switch, DemoSip sip, IPEndPoint collector)
    {
        ReportOptions reports = new() { RegistrationEvents = true, CustomEvents = true, LogEvents = true, PeerEvents = true };
        return new AgentConfiguration
        {
            Inputs = [@switch.Input(reports), sip.Input()],
            Outputs = [new HepOutputConfiguration { Servers = [new HepServer(collector.Address.ToString(), collector.Port)] }],
            Calls = new CallOptions(),
        };
    }

    private void Introduce(IDemoSwitch @switch, DemoSip sip, IPEndPoint collector)
    {
        TimeSpan span = TimeSpan.FromMicroseconds(recording.Frames[^1].Time - recording.Frames[0].Time);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Playing a recorded FreeSWITCH to the agent, which sends to a collector, all in this process:
            {span.TotalSeconds:0} seconds with {recording.Frames.Count} events at {options.Speed:0.#}× speed, done in about {span.TotalSeconds / options.Speed:0} s.

              switch    {@switch.Name}
              its SIP   HEP to {sip.Listen}
              collector {collector}

            """));
    }
}

/// <summary>Settings of the demo.</summary>
/// <param name="Speed">Playback speed; 1 is as recorded.</param>
/// <param name="IsMulticast">Whether the switch uses mod_event_multicast rather than its event socket.</param>
/// <param name="IsVerbose">Whether to print each packet.</param>
/// <param name="WebPort">Port of the page, which stays open until Ctrl-C; null: no page.</param>
internal sealed record DemoOptions(double Speed, bool IsMulticast, bool IsVerbose, int? WebPort);
