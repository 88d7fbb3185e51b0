using HepBridge.FreeSwitch.Events;

namespace HepBridge.Inputs.Amqp;

/// <summary>How old events are when they are read, by their own times.</summary>
internal sealed class EventAge(TimeProvider time)
{
    private static readonly TimeSpan _recent = TimeSpan.FromSeconds(10);
    private long _eventMicroseconds;
    private long _readAt;
    private long _lag;

    /// <summary>Notes an event. One thread at a time.</summary>
    public void Observe(scoped in FreeSwitchEvent e)
    {
        if (e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp) && stamp > 0)
        {
            Volatile.Write(ref _eventMicroseconds, stamp);
            Volatile.Write(ref _lag, Now() - stamp);
            Volatile.Write(ref _readAt, time.GetTimestamp());
        }
    }

    /// <summary>The age of the last event; while messages wait and none is read, it grows. Zero when idle.</summary>
    public TimeSpan Lag(bool isWaiting)
    {
        long readAt = Volatile.Read(ref _readAt);
        bool isRecent = readAt != 0 && time.GetElapsedTime(readAt) < _recent;
        long lag = readAt == 0 || !(isRecent || isWaiting) ? 0 : isRecent ? Volatile.Read(ref _lag) : Now() - Volatile.Read(ref _eventMicroseconds);
        return TimeSpan.FromMicroseconds(Math.Max(0, lag));
    }

    private long Now() => (time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
