using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using HepBridge.Calls;
using HepBridge.Collector.Printing;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Hosting;
using HepBridge.Inputs;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Commands;

/// <summary><c>peers</c>: listens on the configuration's inputs for a while, and shows the switches and where users are registered.</summary>
internal static partial class PeersCommand
{
    private const int CellWidth = 24;
    private static readonly TimeSpan _tickInterval = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        Option<string?> config = RunCommand.CreateConfigOption();
        Option<double> seconds = new("--seconds")
        {
            Description = "How long to listen; Ctrl-C ends it early. Switches announce themselves every 20 s, devices register every few minutes.",
            DefaultValueFactory = _ => 30,
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        DetailedCommand command = new(
            "peers",
            "Listen for a while, then show which switches are up and where users are registered.",
            """
            Listens to the multicast groups, event sockets and brokers of the configuration without sending reports. Then prints the switches heard and, for
            each user who registered meanwhile, the latest node, contact and expiry. It can run next to the agent: several receivers can join one multicast
            group, and on a broker it declares a queue of its own.

            Examples:
              hepbridge peers --seconds 60
              hepbridge peers --json | jq .
            """)
        {
            config, seconds, json,
        };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(config),
            TimeSpan.FromSeconds(Math.Max(0, result.GetValue(seconds))),
            result.GetValue(json),
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? path, TimeSpan duration, bool json, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if ((await RunCommand.ReadAsync(path, ConfigurationEnvironment.FromProcess(), error)).Configuration is not { } configuration)
        {
            return 2;
        }

        LogLevelSwitch level = new(LogLevel.Warning);
        using ILoggerFactory loggers = AgentHosting.CreateLogging(level, toError: true);
        using Agent agent = AgentHosting.CreateAgent(OnlyListening(configuration), level, loggers);
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await agent.StartAsync(time.Token);
        try
        {
            await ListenAsync(agent, duration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: show what was heard so far.
        }

        Snapshot snapshot;
        lock (agent.Pipeline.Gate)
        {
            snapshot = Take(agent);
        }

        await agent.StopAsync();
        await output.WriteLineAsync(json ? Json(snapshot) : Table(snapshot));
        return 0;
    }

    private static async Task ListenAsync(Agent agent, TimeSpan duration, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(_tickInterval);
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < duration && await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (IInput input in agent.Inputs)
            {
                input.Tick();
            }
        }
    }

    // The same inputs, registrations only, and no collector.
    private static AgentConfiguration OnlyListening(AgentConfiguration configuration)
    {
        ReportOptions reports = new() { CallEvents = false, RtcpEvents = false, QosEvents = false, RegistrationEvents = true };
        return new AgentConfiguration
        {
            Outputs = [],
            Inputs = [.. configuration.Inputs.Where(input => input.EventPaths > 0).Select(input => input.ForListening(reports))],
            Calls = configuration.Calls,
            LogLevel = LogLevel.Warning,
        };
    }

    private static Snapshot Take(Agent agent)
    {
        ILookup<string, Peer> heard = agent.Inputs.OfType<IPeerSource>().SelectMany(input => input.Peers.Peers).ToLookup(peer => peer.Name);
        return new Snapshot(
            [
                .. agent.Pipeline.Switches.Where(found => found.Name.Length > 0).OrderBy(found => found.Name, StringComparer.Ordinal).Select(found =>
                    new PeerRow(
                        found.Name,
                        heard[found.Name].FirstOrDefault()?.Address.ToString() ?? found.IPv4.ToString(),
                        State(found, heard[found.Name]),
                        heard[found.Name].Sum(peer => peer.Restarts)))
            ],
            [.. agent.Pipeline.Registrations.Snapshot(DateTimeOffset.UtcNow).OrderBy(user => user.User, StringComparer.Ordinal)]);
    }

    // HEARTBEATs make a switch up; other events do not prove it.
    private static string State(Switch found, IEnumerable<Peer> heard)
    {
        bool? isUp = heard.Any() ? heard.Any(peer => peer.IsUp) : null;
        return (isUp ?? found.LastHeartbeatMilliseconds > 0) ? "up" : isUp == false ? "down" : "no HEARTBEAT yet";
    }

    internal static string Json(Snapshot snapshot) => JsonSerializer.Serialize(snapshot, PeersJson.Default.Snapshot);

    internal static string Table(Snapshot snapshot)
    {
        StringBuilder text = new();
        Row(text, "SWITCH", "ADDRESS", "STATE", "RESTARTS");
        foreach (PeerRow peer in snapshot.Switches)
        {
            Row(text, peer.Name, peer.Address, peer.State, $"{peer.Restarts}");
        }

        text.AppendLine();
        Row(text, "USER", "NODE", "EXPIRES (UTC)", "NETWORK", "CONTACT");
        foreach (Registration user in snapshot.Registrations)
        {
            Row(text, user.User, user.Node, user.Expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), user.Network, user.Contact);
        }

        return text.ToString().TrimEnd();
    }

    // Names from the network may contain anything, but must not affect the terminal.
    private static void Row(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        foreach (string cell in cells)
        {
            int end = text.Length + CellWidth;
            VisibleText.AppendLine(text, Encoding.UTF8.GetBytes(cell));
            text.Append(' ', Math.Max(0, end - text.Length)).Append("  ");
        }

        text.Length -= 2;
        text.AppendLine();
    }

    internal sealed record PeerRow(string Name, string Address, string State, int Restarts);

    internal sealed record Snapshot(IReadOnlyList<PeerRow> Switches, IReadOnlyList<Registration> Registrations);

    [JsonSerializable(typeof(Snapshot))]
    private sealed partial class PeersJson : JsonSerializerContext;
}
