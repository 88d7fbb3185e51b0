namespace HepBridge.FreeSwitch.Esl;

/// <summary>How long to wait before the next try: doubled from <c>first</c> to <c>most</c>, each off by up to a fifth so that many agents don't come at once.</summary>
public sealed class EslBackoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _most;
    private readonly Random _random;

    /// <summary>Waits of 1 s, 2 s, 4 s … 30 s, each ±20 %.</summary>
    public EslBackoff(Random random)
        : this(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), random)
    {
    }

    /// <summary>Waits from <paramref name="first"/> to <paramref name="most"/>, each ±20 %.</summary>
    public EslBackoff(TimeSpan first, TimeSpan most, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, first);
        ArgumentNullException.ThrowIfNull(random);
        (_first, _most, _random) = (first, most, random);
    }

    /// <summary>Failures since the last success.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts a failure and says how long to wait.</summary>
    public TimeSpan Next()
    {
        double factor = Math.Pow(2, Math.Min(Failures, 30));
        Failures++;
        double milliseconds = Math.Min(_first.TotalMilliseconds * factor, _most.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Round(milliseconds * (0.8 + (0.4 * _random.NextDouble()))));
    }

    /// <summary>A success: the next wait is the first one again.</summary>
    public void Reset() => Failures = 0;
}
