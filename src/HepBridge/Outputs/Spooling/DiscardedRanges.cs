namespace HepBridge.Outputs.Spooling;

/// <summary>Byte ranges of a spool whose packets were sent another way, from the spool's start. Not thread-safe.</summary>
internal sealed class DiscardedRanges
{
    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>Adds a range; extends the last one if it is adjacent.</summary>
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

    /// <summary>Whether the packet at a position was discarded.</summary>
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

    /// <summary>Removes the ranges that end at or before a position, because all of it was read.</summary>
    public void RemoveBefore(long position) => _ranges.RemoveAll(range => range.End <= position);
}
