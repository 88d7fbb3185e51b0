namespace HepBridge.Benchmarks.Load;

/// <summary>
/// An endless stream of calls: first establishes them one after another, then continues each from a different point of
/// the script, one event at a time in turn. Records which event delivers the Call-ID that earlier events of the same
/// leg are held for.
/// </summary>
internal sealed class CallStream
{
    private readonly CallScript _script = CallScript.Load();
    private readonly Slot[] _slots;
    private readonly List<long> _releasedBy = [];
    private uint _calls;
    private int _turn;

    /// <summary>A stream with this many calls at once.</summary>
    public CallStream(int calls)
    {
        _slots = new Slot[calls];
        for (int i = 0; i < calls; i++)
        {
            _slots[i] = new Slot { Call = ++_calls };
        }
    }

    /// <summary>Events so far, and the number of the next one.</summary>
    public long Count => _releasedBy.Count;

    /// <summary>For each event, the event that makes its leg's Call-ID known: usually itself.</summary>
    public IReadOnlyList<long> ReleasedBy => _releasedBy;

    /// <summary>Length of the longest frame.</summary>
    public int LongestFrame => _script.Events.Max(e => e.Length);

    /// <summary>Number of events until every call is established.</summary>
    public int EventsUntilEstablished => _slots.Length * _script.Established;

    /// <summary>Writes the next event's frame; returns its length.</summary>
    public int Next(Span<byte> destination, long microseconds)
    {
        ref Slot slot = ref _slots[_turn];
        CallScript.ScriptEvent e = _script.Events[slot.At];
        long sequence = _releasedBy.Count;
        e.Write(destination, slot.Call, sequence, microseconds);
        Note(ref slot, e, sequence);
        Advance(ref slot);
        return e.Length;
    }

    private void Note(ref Slot slot, CallScript.ScriptEvent e, long sequence)
    {
        _releasedBy.Add(sequence);
        ref bool known = ref e.Leg == 0 ? ref slot.KnowsA : ref slot.KnowsB;
        if (known)
        {
            return;
        }

        if (!e.HasCallId)
        {
            (slot.Waiting ??= []).Add((e.Leg, sequence));
            return;
        }

        known = true;
        foreach ((int leg, long waiting) in slot.Waiting ?? [])
        {
            if (leg == e.Leg)
            {
                _releasedBy[(int)waiting] = sequence;
            }
        }
    }

    private void Advance(ref Slot slot)
    {
        slot.At++;
        if (!slot.IsStaggered)
        {
            if (slot.At < _script.Established)
            {
                return;
            }

            slot.IsStaggered = true;
            slot.At += _turn % (_script.Events.Count - _script.Established);
        }

        if (slot.At == _script.Events.Count)
        {
            slot = new Slot { Call = ++_calls, IsStaggered = true };
        }

        _turn = (_turn + 1) % _slots.Length;
    }

    private struct Slot
    {
        public uint Call;
        public int At;
        public bool IsStaggered;
        public bool KnowsA;
        public bool KnowsB;
        public List<(int Leg, long Sequence)>? Waiting;
    }
}
