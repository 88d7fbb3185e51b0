namespace HepBridge.FreeSwitch;

/// <summary>A count for each reason of an enum. Thread-safe.</summary>
internal sealed class ReasonCounts<TReason>
    where TReason : struct, Enum
{
    private static readonly TReason[] _reasons = Enum.GetValues<TReason>();
    private readonly long[] _counts = new long[_reasons.Length];

    public long this[TReason reason] => Volatile.Read(ref _counts[Array.IndexOf(_reasons, reason)]);

    /// <summary>The sum of all reasons.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            for (int i = 0; i < _counts.Length; i++)
            {
                total += Volatile.Read(ref _counts[i]);
            }

            return total;
        }
    }

    /// <summary>The reasons that were counted.</summary>
    public IEnumerable<(TReason Reason, long Count)> Counted => _reasons.Select(reason => (reason, this[reason])).Where(counted => counted.Item2 > 0);

    /// <summary>Counts; returns the reason's new count.</summary>
    public long Add(TReason reason, long count = 1) => Interlocked.Add(ref _counts[Array.IndexOf(_reasons, reason)], count);
}
