namespace HepBridge.Calls;

/// <summary>
/// One SIP Call-ID with its neighbors, the Call-IDs of adjacent legs: the leg that originated it, those it originated,
/// and those it was bridged to. Reused for another Call-ID once forgotten.
/// </summary>
internal sealed class Dialog : Hashed
{
    /// <summary>Most neighbors; beyond that, one already sent is replaced.</summary>
    public const int MaxNeighbors = 16;

    public InlineByteString CallId;

    /// <summary>Packets held until a neighbor is known.</summary>
    public HeldBlocks Held;
    private Neighbor[] _neighbors = [];
    private int _count;
    private int _turn;

    /// <summary>Legs of the leg table with this Call-ID.</summary>
    public int Legs { get; set; }

    /// <summary>Adjacent legs whose Call-ID is not known yet.</summary>
    public int Nameless { get; set; }

    /// <summary>Its leg has hung up, and there is no new one.</summary>
    public bool HasEnded { get; set; }

    /// <summary>A packet was seen that ends it: a final response, CANCEL or BYE.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Our monotonic clock at its first INVITE, in milliseconds; null if none was seen.</summary>
    public long? InvitedMilliseconds { get; set; }

    /// <summary>Our monotonic clock when its last leg was forgotten or it was created without one, in milliseconds.</summary>
    public long IdleSinceMilliseconds { get; set; }

    /// <summary>Whether events may still reveal a neighbor.</summary>
    public bool ExpectsNeighbor => Nameless > 0 || (_count == 0 && !HasEnded);

    /// <summary>Bytes of Call-IDs outside the object and its array.</summary>
    public int HeapBytes
    {
        get
        {
            int bytes = CallId.HeapBytes;
            foreach (Neighbor neighbor in _neighbors)
            {
                bytes += neighbor.CallId.HeapBytes;
            }

            return bytes;
        }
    }

    internal int CountedBytes { get; set; }

    internal bool IsIdle { get; set; }

    /// <summary>Adds a neighbor; false if it is already known, or its own Call-ID.</summary>
    public bool Add(ReadOnlySpan<byte> neighbor)
    {
        if (neighbor.SequenceEqual(CallId.Span))
        {
            return false;
        }

        for (int i = 0; i < _count; i++)
        {
            if (neighbor.SequenceEqual(_neighbors[i].CallId.Span))
            {
                return false;
            }
        }

        ref Neighbor place = ref NextPlace();
        place.CallId.Set(neighbor);
        place.IsNamed = false;
        return true;
    }

    /// <summary>The neighbor for its next packet: one not sent yet, else each in turn. Empty if it has none.</summary>
    public ReadOnlySpan<byte> TakeTurn()
    {
        if (_count == 0)
        {
            return default;
        }

        int chosen = -1;
        for (int i = 0; i < _count && chosen < 0; i++)
        {
            chosen = _neighbors[i].IsNamed ? -1 : i;
        }

        if (chosen < 0)
        {
            chosen = _turn = (_turn + 1) % _count;
        }

        ref Neighbor neighbor = ref _neighbors[chosen];
        neighbor.IsNamed = true;
        return neighbor.CallId.Span;
    }

    /// <summary>Clears everything but keeps the array.</summary>
    public void Reset()
    {
        CallId.Clear();
        for (int i = 0; i < _count; i++)
        {
            _neighbors[i].CallId.Clear();
        }

        (_count, _turn, Legs, Nameless) = (0, 0, 0, 0);
        (HasEnded, IsEnding, InvitedMilliseconds) = (false, false, null);
    }

    private ref Neighbor NextPlace()
    {
        if (_count < MaxNeighbors)
        {
            if (_count == _neighbors.Length)
            {
                Array.Resize(ref _neighbors, Math.Max(2, _count * 2));
            }

            return ref _neighbors[_count++];
        }

        // A queued caller that rings one agent after another: the oldest neighbor already sent makes room.
        int oldest = Math.Max(0, Array.FindIndex(_neighbors, neighbor => neighbor.IsNamed));
        Neighbor first = _neighbors[oldest];
        Array.Copy(_neighbors, oldest + 1, _neighbors, oldest, _count - oldest - 1);
        _neighbors[_count - 1] = first;
        return ref _neighbors[_count - 1];
    }

    private struct Neighbor
    {
        public InlineByteString CallId;
        public bool IsNamed;
    }
}
