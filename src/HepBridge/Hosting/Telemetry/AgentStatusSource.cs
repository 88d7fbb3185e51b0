using System.Reflection;
using HepBridge.Collector.Printing;
using HepBridge.Collector.Web;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Hep;
using HepBridge.Inputs;
using HepBridge.Outputs;
using HepBridge.Reports;

namespace HepBridge.Hosting.Telemetry;

/// <summary>The agent's state for the page: no secrets, and only numbers that the agent counts anyway.</summary>
internal sealed class AgentStatusSource(Agent agent, TimeProvider time) : IStatusSource
{
    private const int MaxRegistrations = 500;
    private const int MaxPeers = 500;

    // By default a switch sends a HEARTBEAT every 20 s.
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(60);
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Count, long At, double Rate)> _rates = [];

    public static string Version { get; } =
        typeof(AgentStatusSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public AgentStatus Read()
    {
        lock (_gate)
        {
            PipelineCounters counters = agent.Pipeline.Counters;
            (PeerStatus[] peers, RegistrationStatus[] registrations) = ReadTables();
            return new AgentStatus(
                Version,
                _started,
                JitterUnit(),
                Rate("events", counters.Received),
                Rate("packets", counters.Packets),
                counters.Packets,
                counters.Legs,
                counters.Held,
                [.. agent.Inputs.Select(ReadInput)],
                [.. agent.Outputs.Select(ReadOutput)],
                ReadDrops(),
                peers,
                registrations);
        }
    }

    // Only copy under the pipeline's lock, where events wait; sort and format outside it.
    private (PeerStatus[] Peers, RegistrationStatus[] Registrations) ReadTables()
    {
        SwitchFacts[] switches;
        PeerFacts[] peers;
        Registration[] registrations;
        lock (agent.Pipeline.Gate)
        {
            switches =
            [
                .. agent.Pipeline.Switches.Select(one => new SwitchFacts(
                    one.Name, one.IPv4.IsUnspecified ? one.IPv6 : one.IPv4, one.LastSeenMilliseconds, one.Events,
                    one.LastHeartbeatMilliseconds == 0 ? null : TimeSpan.FromMicroseconds(one.ClockDifferenceMicroseconds))),
            ];
            peers =
            [
                .. agent.Inputs.OfType<IPeerSource>().SelectMany(input => input.Peers.Peers).Select(peer =>
                    new PeerFacts(peer.Name, peer.Address, peer.IsUp, peer.LastHeartbeat, peer.Events)),
            ];
            registrations = agent.Pipeline.Registrations.Snapshot(time.GetUtcNow(), MaxRegistrations);
        }

        return (
            ReadPeers(switches, peers),
            [.. registrations.OrderBy(user => user.User, StringComparer.Ordinal).Select(user =>
                new RegistrationStatus(user.User, user.Contact, user.Node, "registered", user.Since, user.Expires))]);
    }

    // A restarted switch has a new Core-UUID and is also listed under its old one until that is forgotten: use the
    // newest per name. Show those with the most events, so that a flood of forged ones hides no real one.
    private PeerStatus[] ReadPeers(SwitchFacts[] switches, PeerFacts[] peers)
    {
        DateTimeOffset now = time.GetUtcNow();
        long monotonic = (long)time.GetElapsedTime(0).TotalMilliseconds;
        ILookup<string, SwitchFacts> named = switches.ToLookup(one => one.Name);
        ILookup<string, PeerFacts> heard = peers.ToLookup(peer => peer.Name);
        IEnumerable<PeerStatus> known = named.Select(one =>
        {
            SwitchFacts newest = one.MaxBy(found => found.LastSeenMilliseconds)!;
            PeerFacts? peer = heard[newest.Name].FirstOrDefault();
            DateTimeOffset last = now - TimeSpan.FromMilliseconds(Math.Max(0, monotonic - newest.LastSeenMilliseconds));
            return new PeerStatus(
                newest.Name, peer?.Address.ToString() ?? newest.Address.ToString(), peer?.IsUp ?? now - last < _silence, last, one.Sum(found => found.Events), newest.ClockDifference);
        });
        IEnumerable<PeerStatus> others = heard.Where(peer => !named.Contains(peer.Key)).Select(peer => peer.First())
            .Select(peer => new PeerStatus(peer.Name, peer.Address.ToString(), peer.IsUp, peer.LastHeartbeat, peer.Events, null));
        return [.. known.Concat(others).OrderByDescending(peer => peer.Events).Take(MaxPeers).OrderBy(peer => peer.Name, StringComparer.Ordinal)];
    }

    private string? JitterUnit()
    {
        AgentConfiguration configuration = agent.Configuration;
        RtcpJitter[] units = [.. configuration.Inputs.Where(input => input.EventPaths > 0).Select(input => input.Reports.RtcpJitter).Distinct()];
        return units is [var unit] ? unit == RtcpJitter.Milliseconds ? "ms" : "raw" : null;
    }

    private InputStatus ReadInput(IInput input)
    {
        InputState state = input.CurrentState;
        return new InputStatus(
            input.Identity,
            state.IsUp ? "receiving" : $"not {input.UpWord}",
            state.IsUp && state.Problem is null,
            input.Binding.Received,
            Rate("in " + input.Identity, input.Binding.Received),
            state.Problem);
    }

    private OutputStatus ReadOutput(IOutput output)
    {
        OutputCounters c = output.Counters;
        OutputState state = output.State;
        bool isReachable = state.Reachable == state.Collectors;
        string word = !isReachable ? state.Reachable == 0 ? "not reachable" : "partly reachable" : c.Spooled > 0 ? "catching up" : "sending";
        return new OutputStatus(
            output.Name,
            word,
            isReachable && !state.SpoolRefuses && state.Problem is null,
            c.Offered,
            c.Sent,
            c.DroppedTotal,
            c.Queued,
            state.RingBytes,
            state.RingCapacity,
            c.Spooled,
            state.SpoolCapacity > 0 ? state.SpoolBytes : null,
            Rate("out " + output.Name, c.Sent),
            state.Problem is { } problem ? VisibleText.Line(problem) : state.SpoolRefuses ? "The spool or its disk is full: packets that do not fit into the ring are dropped." : null);
    }

    private DropStatus[] ReadDrops()
    {
        PipelineCounters counters = agent.Pipeline.Counters;
        return
        [
            .. counters.UncorrelatedReasons.Select(one => new DropStatus("events without a Call-ID", one.Reason.ToString(), one.Count, DropAdvice.For(one.Reason))),
            .. counters.MalformedReasons.Select(one => new DropStatus("malformed events", one.Reason.ToString(), one.Count, DropAdvice.For(one.Reason))),
            .. agent.Inputs.SelectMany(input => input.Refused.Select(one => new DropStatus(input.Identity, one.Reason, one.Count, DropAdvice.ForInput(one.Reason)))),
            .. agent.Outputs.SelectMany(output => output.Counters.DroppedReasons.Select(one =>
                new DropStatus(output.Name, one.Reason.ToString(), one.Count, DropAdvice.For(one.Reason)))),
        ];
    }

    // The increase since the last call over the time between; calls less than half a second apart return the last figure.
    private double Rate(string what, long count)
    {
        long now = time.GetTimestamp();
        if (!_rates.TryGetValue(what, out (long Count, long At, double Rate) last))
        {
            _rates[what] = (count, now, 0);
            return 0;
        }

        double seconds = time.GetElapsedTime(last.At, now).TotalSeconds;
        if (seconds < 0.5)
        {
            return last.Rate;
        }

        double rate = Math.Max(0, count - last.Count) / seconds;
        _rates[what] = (count, now, rate);
        return rate;
    }

    private sealed record SwitchFacts(string Name, HepAddress Address, long LastSeenMilliseconds, long Events, TimeSpan? ClockDifference);

    private sealed record PeerFacts(string Name, SenderAddress Address, bool IsUp, DateTimeOffset LastHeartbeat, long Events);
}
