namespace HepBridge.Outputs;

/// <summary>
/// A point in the outputs' rings: passed once every packet offered before it was sent, written to a spool, or dropped. Reusable.
/// </summary>
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
