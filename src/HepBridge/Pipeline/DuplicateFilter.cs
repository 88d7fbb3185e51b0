namespace HepBridge.Pipelines;

/// <summary>
/// Knows the last events by switch and Event-Sequence, so that one that comes by two ways is taken once. A bounded window; nothing is
/// allocated after the start.
/// </summary>
internal sealed class DuplicateFilter
{
    private const int Window = 1 << 17;
    private readonly HashSet<(int Switch, long Sequence)> _seen = new(Window + 1);
    private readonly (int Switch, long Sequence)[] _order = new (int, long)[Window];
    private int _next;
    private bool _full;

    /// <summary>Notes an event; false if it was seen before.</summary>
    public bool IsFirst(int switchIndex, long sequence)
    {
        (int, long) key = (switchIndex, sequence);
        if (!_seen.Add(key))
        {
            return false;
        }

        if (_full)
        {
            _seen.Remove(_order[_next]);
        }

        _order[_next] = key;
        _next = (_next + 1) % Window;
        _full |= _next == 0;
        return true;
    }
}
