using System.Runtime.InteropServices;

namespace HepBridge.Pipeline;

/// <summary>What a <see cref="DuplicateFilter"/> knows about an event.</summary>
internal enum DuplicateResult
{
    /// <summary>Not seen before.</summary>
    First,

    /// <summary>Seen before, but from an input whose reports do not use it; this input's do.</summary>
    FirstWanted,

    /// <summary>Seen before and fully processed.</summary>
    Repeated,
}

/// <summary>
/// Remembers recent events by switch and Event-Sequence, so that one received by two inputs is processed once. A
/// bounded window; allocates nothing after the start.
/// </summary>
internal sealed class DuplicateFilter
{
    private const int Window = 1 << 17;
    private readonly Dictionary<(int Switch, long Sequence), bool> _wanted = new(Window + 1);
    private readonly (int Switch, long Sequence)[] _order = new (int, long)[Window];
    private int _next;
    private bool _full;

    /// <summary>Records an event by its Event-Sequence on its switch, and whether its input's reports use it.</summary>
    public DuplicateResult Record(int switchIndex, long sequence, bool isWanted)
    {
        (int, long) key = (switchIndex, sequence);
        ref bool wanted = ref CollectionsMarshal.GetValueRefOrAddDefault(_wanted, key, out bool isKnown);
        bool isNews = isWanted && !wanted;
        wanted |= isWanted;
        if (isKnown)
        {
            return isNews ? DuplicateResult.FirstWanted : DuplicateResult.Repeated;
        }

        if (_full)
        {
            _wanted.Remove(_order[_next]);
        }

        _order[_next] = key;
        _next = (_next + 1) % Window;
        _full |= _next == 0;
        return DuplicateResult.First;
    }
}
