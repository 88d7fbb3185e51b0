namespace HepBridge.FreeSwitch;

/// <summary>Delay before the next attempt: doubles from <c>first</c> to <c>most</c>, with ±20 % jitter so that many agents do not reconnect at once.</summary>
public sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _most;
    private readonly Random _random;

    /// <summary>Delays of 1 s, 2 s, 4 s … 30 s, each ±20 %.</summary>
    public Backoff(Random random)
        : this(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), random)
    {
    }

    /// <summary>Delays from <paramref name="first"/> to <paramref name="most"/>, each ±20 %.</summary>
    public Backoff(TimeSpan first, TimeSpan most, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, first);
        ArgumentNullException.ThrowIfNull(random);
        (_first, _most, _random) = (first, most, random);
    }

    /// <summary>Failures since the last success.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts a failure and returns the delay before the next attempt.</summary>
    public TimeSpan Next()
    {
        double factor = Math.Pow(2, Math.Min(Failures, 30));
        Failures++;
        double milliseconds = Math.Min(_first.TotalMilliseconds * factor, _most.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Round(milliseconds * (0.8 + (0.4 * _random.NextDouble()))));
    }

    /// <summary>Resets the delay after a success.</summary>
    public void Reset() => Failures = 0;
}
