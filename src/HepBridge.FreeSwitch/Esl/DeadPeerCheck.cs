namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Decides when to probe a silent connection and when to give it up: probe after max(3 × the largest HEARTBEAT interval seen, 60 s)
/// without a byte, give up 5 s later. Any byte counts as an answer.
/// </summary>
internal sealed class DeadPeerCheck(TimeProvider time)
{
    internal static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _leastSilence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _mostInterval = TimeSpan.FromMinutes(10);

    private long _received = time.GetTimestamp();
    private long _asked;
    private long _heartbeat;
    private long _intervalTicks;

    public enum Result
    {
        /// <summary>Nothing to do.</summary>
        Fine,

        /// <summary>Send a command that has a reply.</summary>
        Ask,

        /// <summary>Close the connection.</summary>
        Dead,
    }

    /// <summary>Silence up to this long is normal.</summary>
    public TimeSpan AllowedSilence => TimeSpan.FromTicks(Math.Max(3 * Volatile.Read(ref _intervalTicks), _leastSilence.Ticks));

    public void Received() => Volatile.Write(ref _received, time.GetTimestamp());

    /// <summary>Records a HEARTBEAT: the longest interval between two (at most 10 minutes) extends the allowed silence.</summary>
    public void Heartbeat()
    {
        long now = time.GetTimestamp();
        if (_heartbeat != 0)
        {
            TimeSpan interval = time.GetElapsedTime(_heartbeat, now);
            if (interval.Ticks > _intervalTicks)
            {
                Volatile.Write(ref _intervalTicks, Math.Min(interval.Ticks, _mostInterval.Ticks));
            }
        }

        _heartbeat = now;
    }

    /// <summary>Called about once a second, by one caller.</summary>
    public Result Check()
    {
        long now = time.GetTimestamp();
        long received = Volatile.Read(ref _received);
        if (_asked > received)
        {
            return time.GetElapsedTime(_asked, now) >= ReplyTime ? Result.Dead : Result.Fine;
        }

        if (time.GetElapsedTime(received, now) < AllowedSilence)
        {
            return Result.Fine;
        }

        _asked = now;
        return Result.Ask;
    }
}
