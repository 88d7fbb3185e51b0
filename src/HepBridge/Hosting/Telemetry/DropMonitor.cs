using HepBridge.Outputs;

namespace HepBridge.Hosting.Telemetry;

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
