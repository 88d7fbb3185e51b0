using System.Reflection;
using HepBridge.Calls;
using HepBridge.Collector.Web;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;
using HepBridge.Outputs;

namespace HepBridge.Hosting.Telemetry;

/// <summary>The agent's state for the page: no secret, and only numbers that the agent counts anyway.</summary>
internal sealed class AgentStatusSource(Agent agent, TimeProvider time) : IStatusSource
{
    private const int MaxRegistrations = 500;
    private const int MaxPeers = 500;

    // A switch sends a HEARTBEAT every 20 s, unless it is set up otherwise.
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
            (PeerStatus[] peers, RegistrationStatus[] registrations) = ReadUnderGate();
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
                [.. ReadDrops()],
                peers,
                registrations);
        }
    }

    private (PeerStatus[] Peers, RegistrationStatus[] Registrations) ReadUnderGate()
    {
        lock (agent.Pipeline.Gate)
        {
            return (
                [.. ReadPeers()],
                [.. agent.Pipeline.Registrations.Snapshot(time.GetUtcNow()).Take(MaxRegistrations).Select(user =>
                    new RegistrationStatus(user.User, user.Contact, user.Node, "registered", user.Since, user.Expires))]);
        }
    }

    // A switch that restarted has a new Core-UUID, and stays listed under the old one until it is forgotten: the newest of a name counts.
    private IEnumerable<PeerStatus> ReadPeers()
    {
        DateTimeOffset now = time.GetUtcNow();
        long monotonic = (long)time.GetElapsedTime(0).TotalMilliseconds;
        Peer[] heard = [.. agent.Inputs.OfType<IPeerSource>().SelectMany(input => input.Peers)];
        foreach (IGrouping<string, Switch> named in agent.Pipeline.Switches.GroupBy(found => found.Name).Take(MaxPeers))
        {
            Switch newest = named.MaxBy(found => found.LastSeenMilliseconds)!;
            Peer? peer = Array.Find(heard, peer => peer.Name == newest.Name);
            DateTimeOffset last = now - TimeSpan.FromMilliseconds(Math.Max(0, monotonic - newest.LastSeenMilliseconds));
            yield return new PeerStatus(
                newest.Name,
                peer?.Address.ToString() ?? (newest.IPv4.IsUnspecified ? newest.IPv6 : newest.IPv4).ToString(),
                peer?.IsUp ?? now - last < _silence,
                last,
                named.Sum(found => found.Events),
                newest.LastHeartbeatMilliseconds == 0 ? null : TimeSpan.FromMicroseconds(newest.ClockDifferenceMicroseconds));
        }

        foreach (Peer peer in heard.Where(peer => !agent.Pipeline.Switches.Any(found => found.Name == peer.Name)).Take(MaxPeers))
        {
            yield return new PeerStatus(peer.Name, peer.Address.ToString(), peer.IsUp, peer.LastHeartbeat, 0, null);
        }
    }

    private string? JitterUnit()
    {
        AgentConfiguration configuration = agent.Configuration;
        RtcpJitter[] units = [.. configuration.Inputs.Where(input => input.EventPaths > 0).Select(input => input.Reports.RtcpJitter).Distinct()];
        return units is [var unit] ? unit == RtcpJitter.Milliseconds ? "ms" : "raw" : null;
    }

    private InputStatus ReadInput(IInput input)
    {
        InputState state = input.State;
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
            isReachable && !state.SpoolRefuses,
            c.Offered,
            c.Sent,
            c.DroppedTotal,
            c.Queued,
            state.RingBytes,
            state.RingCapacity,
            c.Spooled,
            state.SpoolCapacity > 0 ? state.SpoolBytes : null,
            Rate("out " + output.Name, c.Sent),
            state.SpoolRefuses ? "The spool or its disk is full: packets that do not fit into the ring are dropped." : null);
    }

    private IEnumerable<DropStatus> ReadDrops()
    {
        PipelineCounters counters = agent.Pipeline.Counters;
        foreach (UncorrelatedReason reason in Enum.GetValues<UncorrelatedReason>())
        {
            if (counters.UncorrelatedFor(reason) is > 0 and long count)
            {
                yield return new DropStatus("events without a Call-ID", reason.ToString(), count, DropAdvice.For(reason));
            }
        }

        foreach (EventRejection reason in Enum.GetValues<EventRejection>())
        {
            if (counters.MalformedFor(reason) is > 0 and long count)
            {
                yield return new DropStatus("malformed events", reason.ToString(), count, DropAdvice.For(reason));
            }
        }

        foreach (IInput input in agent.Inputs)
        {
            foreach ((string reason, long count) in input.Refused)
            {
                yield return new DropStatus(input.Identity, reason, count, DropAdvice.ForInput(reason));
            }
        }

        foreach (IOutput output in agent.Outputs)
        {
            foreach (DropReason reason in Enum.GetValues<DropReason>())
            {
                if (output.Counters.Dropped(reason) is > 0 and long count)
                {
                    yield return new DropStatus(output.Name, reason.ToString(), count, DropAdvice.For(reason));
                }
            }
        }
    }

    // What was added since the last look, over the time since: looks closer together than half a second give the last figure.
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
}
