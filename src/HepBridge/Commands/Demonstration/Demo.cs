using System.Globalization;
using System.Net;
using HepBridge.Commands.Replaying;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Listening;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HepBridge.Commands.Demonstration;

/// <summary>A recorded switch, the bridge as <c>run</c> starts it, and a collector, all on loopback: played once, then counted.</summary>
internal sealed class Demo(Recording recording, double speed, bool isVerbose, TextWriter output)
{
    private const int Width = 120;
    private const string BridgePrefix = "  bridge │ ";
    private static readonly TimeSpan LastPackets = TimeSpan.FromSeconds(5);

    /// <summary>Whether calls were found, and no packet was lost on the way.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var found = new FoundCalls(isVerbose ? new TextPrinter(output) : null);
        await using var collector = HepListener.Start(new IPEndPoint(IPAddress.Loopback, 0), found);
        using var @switch = new ReplayServer(
            recording,
            new ReplayServerOptions { Once = true, Playback = new PlaybackOptions { Speed = speed } },
            TimeProvider.System);
        Introduce(@switch.EndPoint, collector.EndPoint);

        AgentConfiguration configuration = Configure(@switch.EndPoint, collector.EndPoint);
        using IHost host = AgentHosting.Create(
            configuration,
            new ConfigurationSource(null, ConfigurationEnvironment.OfProcess()),
            new LogLevelSwitch(configuration.LogLevel),
            new DemoLog(output, BridgePrefix, Width));
        await host.StartAsync(cancellationToken);
        await @switch.RunAsync(cancellationToken);
        await host.StopAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();

        var counts = new PacketCounts(host.Services.GetRequiredService<Agent>(), found);
        await found.WaitForAsync(counts.Made, LastPackets);
        output.WriteLine();
        bool any = WriteCalls(found);
        return counts.Write(output) && any;
    }

    private static AgentConfiguration Configure(IPEndPoint @switch, IPEndPoint collector) => new()
    {
        EslInputs =
        [
            new EslInputConfiguration
            {
                Server = @switch.Address.ToString(),
                Port = @switch.Port,
                Reports = new ReportOptions { RegistrationEvents = true, CustomEvents = true, LogEvents = true },
            },
        ],
        MulticastInputs = [],
        Outputs = [new HepOutputConfiguration { Servers = [new HepServer(collector.Address.ToString(), collector.Port)] }],
        Calls = new CallOptions(),
    };

    private void Introduce(IPEndPoint @switch, IPEndPoint collector)
    {
        TimeSpan span = TimeSpan.FromMicroseconds(recording.Frames[^1].Time - recording.Frames[0].Time);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            A recorded FreeSWITCH ({@switch}) → the bridge → a collector ({collector}), all in this process.
            {span.TotalSeconds:0} seconds with {recording.Frames.Count} events are played {speed:0.#} times as fast: done in about {span.TotalSeconds / speed:0} s.

            """));
    }

    private bool WriteCalls(FoundCalls found)
    {
        IReadOnlyList<FoundCall> calls = found.Calls;
        HashSet<string> known = [.. calls.Select(static call => call.UniqueId)];
        var table = new TextTable("Call-ID (└ leg of the call above)", "from", "to", "state", "events", "RTCP", "MOS");
        foreach (FoundCall call in calls)
        {
            string branch = known.Contains(call.Originator) ? "└ " : "";
            table.Add(
                branch + TextTable.Shorten(call.CallId, 36 - branch.Length),
                TextTable.Shorten(call.From, 14),
                TextTable.Shorten(call.To, 14),
                TextTable.Shorten(call.State, 30),
                call.Events,
                call.RtcpReports,
                call.Mos);
        }

        table.Write(output, "  ");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""

              {calls.Count} Call-IDs of calls, each leg its own; {found.Others} more Call-IDs of registrations.
              events: call logs; RTCP: reports while media ran; MOS: of the received audio, from the quality report.

            """));
        return calls.Count > 0;
    }
}
