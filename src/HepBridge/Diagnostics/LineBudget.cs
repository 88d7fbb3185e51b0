namespace HepBridge.Diagnostics;

/// <summary>Most log lines of one message in an interval; counts the suppressed ones. Thread-safe.</summary>
internal sealed class LineBudget(int lines, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private int _taken;
    private long _suppressed;

    /// <summary>Whether one more line may be written; if not, it counts as suppressed.</summary>
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

    /// <summary>Takes a line for the suppressed ones of the intervals before; 0: there is nothing to say.</summary>
    /// <param name="isLast">Nothing is logged later, so that the limit does not matter.</param>
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
