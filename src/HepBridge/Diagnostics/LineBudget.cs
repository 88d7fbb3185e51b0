namespace HepBridge.Diagnostics;

/// <summary>Limits how often one message is logged per interval, and counts the suppressed ones. Thread-safe.</summary>
internal sealed class LineBudget(int lines, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private int _taken;
    private long _suppressed;

    public static LineBudget OneAMinute(TimeProvider time) => new(1, TimeSpan.FromMinutes(1), time);

    /// <summary>Whether to log another line; if not, it counts as suppressed.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            Renew();
            if (_taken == lines)
            {
                _suppressed++;
                return false;
            }

            _taken++;
            return true;
        }
    }

    /// <summary>The number of lines suppressed in previous intervals, to report in a line of this one; 0 if there are none, or no line is left.</summary>
    /// <param name="isLast">Ignores the limit: the log ends.</param>
    public long TakeSuppressed(bool isLast = false)
    {
        lock (_gate)
        {
            Renew();
            if (_suppressed == 0 || (_taken == lines && !isLast))
            {
                return 0;
            }

            _taken++;
            (long suppressed, _suppressed) = (_suppressed, 0);
            return suppressed;
        }
    }

    private void Renew()
    {
        if (time.GetElapsedTime(_since) >= interval)
        {
            _since = time.GetTimestamp();
            _taken = 0;
        }
    }
}
