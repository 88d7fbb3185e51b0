namespace HepBridge.Outputs.Spooling;

/// <summary>Where in a spool packets stand that have been sent another way, in bytes from its beginning. Not thread-safe.</summary>
internal sealed class DiscardedRanges
{
    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>Adds a range; one that begins where the last one ended becomes part of it.</summary>
    public void Add(long start, long end)
    {
        if (_ranges.Count > 0 && _ranges[^1].End == start)
        {
            _ranges[^1] = (_ranges[^1].Start, end);
        }
        else
        {
            _ranges.Add((start, end));
        }
    }

    /// <summary>Whether what stands there is not to be sent.</summary>
    public bool Contains(long position)
    {
        foreach ((long start, long end) in _ranges)
        {
            if (position >= start && position < end)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets the ranges that end at or before a position: all there is read.</summary>
    public void RemoveBefore(long position) => _ranges.RemoveAll(range => range.End <= position);
}
