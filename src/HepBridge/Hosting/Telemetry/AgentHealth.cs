using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using HepBridge.Collector.Printing;
using HepBridge.Inputs;
using HepBridge.Outputs;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Whether the agent is alive and working, with reasons; no call data or secrets.</summary>
internal sealed class AgentHealth(Agent agent, TimeProvider time)
{
    /// <summary>How long after its last drop an output counts as healthy again.</summary>
    public static readonly TimeSpan DropMemory = TimeSpan.FromSeconds(60);

    /// <summary>The agent ticks four times a second; without a tick for this long it is stuck.</summary>
    public static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Dictionary<IOutput, DropMonitor> _drops = [];
    private DateTimeOffset _lastTick = time.GetUtcNow();

    /// <summary>Called four times a second: records that the agent is alive, and checks for drops.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            _lastTick = time.GetUtcNow();
            IReadOnlyList<IOutput> outputs = agent.Outputs;
            if (outputs.Count != _drops.Count || outputs.Any(output => !_drops.ContainsKey(output)))
            {
                _drops = outputs.ToDictionary(output => output, output => _drops.GetValueOrDefault(output) ?? new DropMonitor(output.Counters));
            }

            foreach (DropMonitor drops in _drops.Values)
            {
                drops.Look(_lastTick);
            }
        }
    }

    /// <summary>Liveness: whether the process should keep running.</summary>
    public HealthReport Live() => new([CheckAgent()]);

    /// <summary>Readiness: whether events arrive and packets are sent.</summary>
    public HealthReport Ready() => new([.. Parts()]);

    /// <summary>Liveness and readiness.</summary>
    public HealthReport All() => new([CheckAgent(), .. Parts()]);

    private IEnumerable<HealthCheck> Parts()
    {
        IReadOnlyList<IInput> inputs = agent.Inputs;
        IReadOnlyList<IOutput> outputs = agent.Outputs;
        HealthCheck[] agentItself = inputs.Count == 0 || outputs.Count == 0 ? [new("agent", "start", HealthLevel.Failing, "The agent is starting or stopping.")] : [];
        return
        [
            .. agentItself,
            .. inputs.Select(Check),
            .. outputs.Select(Check),
            .. agent.Extras.Select(extra => new HealthCheck("output", extra.Name, HealthLevel.Failing, extra.State.Problem)).Where(check => check.Reason is not null),
        ];
    }

    private HealthCheck CheckAgent()
    {
        DateTimeOffset last;
        lock (_gate)
        {
            last = _lastTick;
        }

        return time.GetUtcNow() - last <= LongestTick
            ? new HealthCheck("agent", "tick", HealthLevel.Ok, null)
            : new HealthCheck("agent", "tick", HealthLevel.Failing, $"The agent has been stuck since {Timestamp(last)}: restart it, and report this with its log.");
    }

    private HealthCheck Check(IInput input)
    {
        InputState state = input.CurrentState;
        (HealthLevel level, string? reason) =
            !state.IsUp ? (HealthLevel.Failing, $"Not {input.UpWord} since {Timestamp(state.Since)}.{(state.Problem is null ? "" : " " + state.Problem)}")
            : state.Problem is { } problem ? (HealthLevel.Degraded, problem.TrimStart())
            : input is IPeerSource source && !HearsSwitch(source)
                ? (HealthLevel.Degraded, "No switch is heard: no HEARTBEATs arrive. Run \"hepbridge peers\" to see what does.")
            : (HealthLevel.Ok, (string?)null);
        return new HealthCheck("input", input.Identity, level, reason);
    }

    private bool HearsSwitch(IPeerSource source)
    {
        lock (agent.Pipeline.Gate)
        {
            return source.Peers.Up > 0;
        }
    }

    private HealthCheck Check(IOutput output)
    {
        OutputState state = output.State;
        (HealthLevel level, string? reason) =
            state.Problem is { } problem ? (HealthLevel.Failing, problem)
            : state.SpoolRefuses ? (HealthLevel.Failing, "The spool or its disk is full. Bring the collector back, or raise spool.max_bytes.")
            : RecentDrop(output) is { } drop ? (HealthLevel.Failing, drop)
            : state.Collectors > 0 && state.Reachable == 0 ? (HealthLevel.Failing, $"No collector is reachable; {Waiting(output.Counters)}.")
            : state.Reachable < state.Collectors ? (HealthLevel.Degraded, Text($"{state.Collectors - state.Reachable} of {state.Collectors} collectors are unreachable."))
            : (HealthLevel.Ok, (string?)null);
        return new HealthCheck("output", output.Name, level, reason);
    }

    private string? RecentDrop(IOutput output)
    {
        lock (_gate)
        {
            return _drops.TryGetValue(output, out DropMonitor? drops) && drops.LastDrop is { } at && time.GetUtcNow() - at < DropMemory
                ? Text($"Dropping packets ({drops.Reason}, last at {Timestamp(at)}; {output.Counters.DroppedTotal} since the start).")
                : null;
        }
    }

    private static string Waiting(OutputCounters counters) => Text($"{counters.Queued} packets queued in memory, {counters.Spooled} on disk");

    private static string Timestamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Detects that an output drops packets, and why.</summary>
internal sealed class DropMonitor(OutputCounters counters)
{
    private static readonly DropReason[] _reasons = Enum.GetValues<DropReason>();
    private readonly long[] _seen = [.. _reasons.Select(counters.Dropped)];

    /// <summary>When drops were last detected; null if never.</summary>
    public DateTimeOffset? LastDrop { get; private set; }

    /// <summary>The most frequent reason for those drops.</summary>
    public DropReason Reason { get; private set; }

    public void Look(DateTimeOffset now)
    {
        long most = 0;
        for (int i = 0; i < _reasons.Length; i++)
        {
            long dropped = counters.Dropped(_reasons[i]);
            if (dropped - _seen[i] > most)
            {
                most = dropped - _seen[i];
                (LastDrop, Reason) = (now, _reasons[i]);
            }

            _seen[i] = dropped;
        }
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<HealthLevel>))]
internal enum HealthLevel
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It works partly: for example, one of several collectors is unreachable.</summary>
    [JsonStringEnumMemberName("degraded")]
    Degraded,

    [JsonStringEnumMemberName("failing")]
    Failing,
}

/// <summary>The result of one check of an <c>agent</c>, <c>input</c> or <c>output</c>. The reason says why, and what to do; null if it is ok.</summary>
internal sealed record HealthCheck(string Kind, string Name, HealthLevel Status, string? Reason)
{
    /// <summary>Control characters are escaped: it may contain a switch's or a collector's text.</summary>
    public string? Reason { get; init; } = Reason is null ? null : VisibleText.Line(Reason);
}

/// <summary>All checks; the worst one is the overall status.</summary>
internal sealed record HealthReport(IReadOnlyList<HealthCheck> Checks)
{
    [JsonPropertyOrder(-1)]
    public HealthLevel Status => Checks.Count == 0 ? HealthLevel.Ok : Checks.Max(check => check.Status);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, HealthJson.Default.HealthReport);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
