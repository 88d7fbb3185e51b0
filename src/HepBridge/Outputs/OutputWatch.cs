namespace HepBridge.Outputs;

/// <summary>
/// The outputs as an input sees them that can wait: are they congested, and which of them count. One without a spool whose collectors are all away holds
/// nothing up while another output works.
/// </summary>
internal sealed class OutputWatch
{
    private IOutput[] _all = [];
    private IOutput[] _excused = [];

    /// <summary>The outputs with rings.</summary>
    public IReadOnlyList<IOutput> All => _all;

    /// <summary>Outputs that are away and hold nothing up.</summary>
    public IReadOnlyList<IOutput> Excused => _excused;

    /// <summary>Whether an output that counts has its ring half full: what it gets now, it might have to drop.</summary>
    public bool IsCongested
    {
        get
        {
            foreach (IOutput output in _all)
            {
                foreach (PacketQueue ring in output.Rings)
                {
                    if (ring.Bytes > ring.Capacity / 2 && !IsExcused(output))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    public bool IsExcused(IOutput output) => Array.IndexOf(_excused, output) >= 0;

    /// <summary>Looks at the outputs again; a few times a second.</summary>
    public void Refresh(IOutput[] outputs)
    {
        IOutput[] all = outputs.Where(output => output.Rings.Length > 0).ToArray();
        IOutput[] away = all.Where(output => output.State is { Collectors: > 0, Reachable: 0, SpoolCapacity: 0 }).ToArray();
        _all = all;
        _excused = away.Length < all.Length ? away : [];
    }
}

/// <summary>A point in the outputs' rings: passed once every packet offered before it was sent, written to a spool, or dropped. Reusable.</summary>
internal sealed class OutputMark
{
    private readonly List<(IOutput Output, int Ring, long Appended, long Moves)> _points = [];

    /// <summary>Sets it to this point. Under the pipeline's lock.</summary>
    public void Set(OutputWatch outputs)
    {
        _points.Clear();
        foreach (IOutput output in outputs.All)
        {
            for (int ring = 0; ring < output.Rings.Length; ring++)
            {
                if (!output.Rings[ring].IsEmpty)
                {
                    _points.Add(Point(output, ring));
                }
            }
        }
    }

    /// <summary>Whether the outputs that count have passed it.</summary>
    public bool IsPassed(OutputWatch outputs)
    {
        for (int i = _points.Count - 1; i >= 0; i--)
        {
            (IOutput output, int ring, long appended, long moves) = _points[i];
            if (outputs.IsExcused(output))
            {
                continue;
            }

            if (output.Rings[ring].Done < appended)
            {
                return false;
            }

            if (output.Moves != moves)
            {
                // Its packets may be in another ring of the same output now: wait for all that is queued there.
                _points.RemoveAll(point => point.Output == output);
                _points.AddRange(Enumerable.Range(0, output.Rings.Length).Select(other => Point(output, other)));
                return false;
            }
        }

        return true;
    }

    private static (IOutput, int, long, long) Point(IOutput output, int ring)
    {
        long moves = output.Moves;
        return (output, ring, output.Rings[ring].Appended, moves);
    }
}
