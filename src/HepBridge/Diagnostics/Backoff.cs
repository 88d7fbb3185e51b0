namespace HepBridge.Diagnostics;

/// <summary>
/// Delay before the next attempt: 1 s, doubled each time up to 30 s, each shortened by up to a quarter at random so that many agents do not
/// reconnect at once.
/// </summary>
internal sealed class Backoff
{
    private readonly Random _random;
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private TimeSpan _next;

    public Backoff(Random random)
        : this(random, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30))
    {
    }

    public Backoff(Random random, TimeSpan first, TimeSpan longest)
    {
        _random = random;
        _first = first;
        _longest = longest;
        _next = first;
    }

    public TimeSpan Next()
    {
        TimeSpan wait = _next;
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        return wait * (1 - (_random.NextDouble() / 4));
    }

    /// <summary>Resets the delay after a success.</summary>
    public void Reset() => _next = _first;
}
