using System.Runtime.InteropServices;

namespace HepBridge.Pipeline;

/// <summary>What a <see cref="DuplicateFilter"/> knows of an event.</summary>
internal enum DuplicateResult
{
    /// <summary>It has not come before.</summary>
    First,

    /// <summary>It has come before by an input whose reports don't want it; this one's do.</summary>
    FirstWanted,

    /// <summary>It has come before, and all was done with it.</summary>
    Repeated,
}

/// <summary>
/// Knows the last events by switch and Event-Sequence, so that one that comes by two ways is taken once. A bounded window; nothing is
/// allocated after the start.
/// </summary>
internal sealed class DuplicateFilter
{
    private const int Window = 1 << 17;
    private readonly Dictionary<(int Switch, long Sequence), bool> _wanted = new(Window + 1);
    private readonly (int Switch, long Sequence)[] _order = new (int, long)[Window];
    private int _next;
    private bool _full;

    /// <summary>Notes an event.</summary>
    /// <param name="switchIndex">The switch that it is of.</param>
    /// <param name="sequence">Its Event-Sequence there.</param>
    /// <param name="isWanted">Whether the reports of the input that brings it want it.</param>
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
