namespace HepBridge.Outputs;

/// <summary>
/// How long to wait before the next attempt: 1 s, doubled each time up to 30 s, each less up to a quarter by chance so that many agents don't come
/// back at one moment.
/// </summary>
internal sealed class BackOff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <summary>The wait before the next attempt.</summary>
    public TimeSpan Next()
    {
        TimeSpan wait = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait * (1 - (random.NextDouble() / 4));
    }

    /// <summary>An attempt went well: begin anew.</summary>
    public void Reset() => _next = First;
}
