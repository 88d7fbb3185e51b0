namespace HepBridge.Calls;

/// <summary>The time of the current batch, read once at its first event. Requires the pipeline's lock.</summary>
internal sealed class BatchClock(TimeProvider time)
{
    private bool _isRunning;

    /// <summary>Our monotonic clock.</summary>
    public long Milliseconds { get; private set; }

    /// <summary>UTC, since 1970.</summary>
    public long UnixMicroseconds { get; private set; }

    /// <summary>An event arrived: reads the time unless the batch has begun.</summary>
    public void Begin()
    {
        if (!_isRunning)
        {
            Restart();
        }
    }

    /// <summary>Begins a batch whose time is now.</summary>
    public void Restart()
    {
        Milliseconds = (long)time.GetElapsedTime(0).TotalMilliseconds;
        UnixMicroseconds = (time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        _isRunning = true;
    }

    /// <summary>The batch ends: the next event reads the time again.</summary>
    public void End() => _isRunning = false;
}
