namespace HepBridge.Diagnostics;

/// <summary>How many lines of one message an interval may hold.</summary>
internal sealed class LineBudget(int lines, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private int _taken;
    private long _suppressed;

    /// <summary>Whether one more line may be written.</summary>
    /// <param name="suppressed">How many were not, in the intervals before: to be told with this one.</param>
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
