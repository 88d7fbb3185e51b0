using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Inputs;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Commands;

/// <summary><c>peers</c>: listens to the configuration's inputs for a while and shows which switches are there and where users are registered.</summary>
internal static class PeersCommand
{
    public static Command Create()
    {
        Option<string?> config = RunCommand.CreateConfigOption();
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long to listen. A switch tells that it is there every 20 s, a user's device every few minutes; Ctrl-C ends earlier.",
            DefaultValueFactory = _ => 30,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        DetailedCommand command = new(
            "peers",
            "Listen for a while, and show which switches are there and where users are registered.",
            """
            Listens to the multicast groups and event sockets of the configuration, sends nothing, then prints the switches that were heard and, for each
            user that registered meanwhile, the latest node, contact and expiry. It runs beside the agent: several receivers may join one group.

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

    private static async Task<int> RunAsync(
        string? path, TimeSpan duration, bool json, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        ConfigurationResult result = ConfigurationReader.Read(path, ConfigurationEnvironment.OfProcess());
        foreach (string line in result.Lines())
        {
            await error.WriteLineAsync(line);
        }

        if (result.Configuration is not { } configuration)
        {
            return 2;
        }

        var level = new LogLevelSwitch(LogLevel.Warning);
        using ILoggerFactory loggers = AgentHosting.CreateLogging(level);
        using Agent agent = AgentHosting.CreateAgent(OnlyListening(configuration), level, loggers);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await agent.StartAsync(time.Token);
        try
        {
            await Task.Delay(duration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: what was heard so far is shown.
        }

        Snapshot snapshot;
        lock (agent.Pipeline.Gate)
        {
            snapshot = Take(agent);
        }

        await agent.StopAsync();
        await output.WriteLineAsync(json ? JsonSerializer.Serialize(snapshot) : Table(snapshot));
        return 0;
    }

    // The same inputs, asked for registrations only, and no collector.
    private static AgentConfiguration OnlyListening(AgentConfiguration configuration)
    {
        var reports = new ReportOptions { CallEvents = false, RtcpEvents = false, QosEvents = false, RegistrationEvents = true };
        return new AgentConfiguration
        {
            Outputs = [],
            EslInputs =
            [
                .. configuration.EslInputs.Select(input => new EslInputConfiguration
                {
                    Server = input.Server, Port = input.Port, User = input.User, Password = input.Password, Format = input.Format, Reports = reports,
                }),
            ],
            MulticastInputs =
            [
                .. configuration.MulticastInputs.Select(input => new MulticastInputConfiguration
                {
                    Addresses = input.Addresses, Port = input.Port, Interface = input.Interface, Psk = input.Psk,
                    AllowedSenders = input.AllowedSenders, PeerTimeout = input.PeerTimeout, Reports = reports,
                }),
            ],
            Calls = configuration.Calls,
            LogLevel = LogLevel.Warning,
        };
    }

    private static Snapshot Take(Agent agent)
    {
        var addresses = agent.Inputs.OfType<MulticastInput>().SelectMany(input => input.Peers).GroupBy(peer => peer.Name).ToDictionary(group => group.Key, group => group.First().Address.ToString());
        return new Snapshot(
            [.. agent.Pipeline.Switches.Where(peer => peer.Name.Length > 0).OrderBy(peer => peer.Name, StringComparer.Ordinal).Select(peer =>
                new PeerRow(peer.Name, addresses.GetValueOrDefault(peer.Name, peer.IPv4.ToString()), peer.LastHeartbeatMilliseconds > 0))],
            [.. agent.Pipeline.Registrations.Snapshot(DateTimeOffset.UtcNow).OrderBy(user => user.User, StringComparer.Ordinal)]);
    }

    private static string Table(Snapshot snapshot)
    {
        var lines = new List<string> { $"{"SWITCH",-24} {"ADDRESS",-40} HEARTBEAT" };
        lines.AddRange(snapshot.Switches.Select(peer => $"{peer.Name,-24} {peer.Address,-40} {(peer.Heartbeat ? "heard" : "not heard")}"));
        lines.Add("");
        lines.Add($"{"USER",-28} {"NODE",-16} {"EXPIRES (UTC)",-20} {"NETWORK",-24} CONTACT");
        lines.AddRange(snapshot.Registrations.Select(user => string.Create(
            CultureInfo.InvariantCulture, $"{user.User,-28} {user.Node,-16} {user.Expires.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {user.Network,-24} {user.Contact}")));
        return string.Join(Environment.NewLine, lines);
    }

    private sealed record PeerRow(string Name, string Address, bool Heartbeat);

    private sealed record Snapshot(IReadOnlyList<PeerRow> Switches, IReadOnlyList<Registration> Registrations);
}
