namespace HepBridge.Diagnostics;

/// <summary>Limits how often one message is logged per interval.</summary>
internal sealed class LineBudget(int lines, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private int _taken;
    private long _suppressed;

    /// <summary>Whether to log another line.</summary>
    /// <param name="suppressed">Lines suppressed in previous intervals, to report with this one.</param>
    public bool TryTake(out long suppressed)
    {
        suppressed = 0;
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= interval)
            {
                _since = time.GetTimestamp();
                _taken = 0;
            }

            if (_taken == lines)
            {
                _suppressed++;
                return false;
            }

            _taken++;
            (suppressed, _suppressed) = (_suppressed, 0);
            return true;
        }
    }
}
