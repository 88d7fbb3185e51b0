using HepBridge.Outputs;

namespace HepBridge.Inputs.Amqp;

/// <summary>
/// What became of the deliveries of one channel, and which of them can be acknowledged: those whose packets have left the outputs' memory, in batches.
/// A held event is acknowledged only after it has left the hold queue; those behind it need not wait for it. Requires the pipeline's lock.
/// </summary>
/// <param name="prefetch">The most deliveries that are not acknowledged.</param>
internal sealed class DeliveryLedger(int prefetch)
{
    // If held events filled the prefetch, the event that they wait for would never be delivered.
    private readonly int _mostHeld = prefetch / 2;
    private readonly Queue<(ulong Tag, long Batch)> _processed = new();
    private readonly HashSet<ulong> _held = [];
    private readonly Queue<(long Batch, OutputMark Mark)> _batches = new();
    private readonly Stack<OutputMark> _spare = new();
    private long _batch;
    private ulong _last;
    private bool _isDirty;

    /// <summary>Deliveries that are not acknowledged.</summary>
    public int Unacknowledged => _processed.Count + _held.Count;

    /// <summary>Whether there is something to do: a batch to end, or one that the outputs have not passed.</summary>
    public bool IsBusy => _isDirty || _batches.Count > 0;

    /// <summary>Notes a delivery that the pipeline has processed; false if it is held, and acknowledged early because too many are held for the prefetch.</summary>
    public bool Add(ulong tag, bool isHeld)
    {
        _last = tag;
        if (isHeld && _held.Count < _mostHeld)
        {
            _held.Add(tag);
            return true;
        }

        _processed.Enqueue((tag, _batch));
        _isDirty = true;
        return !isHeld;
    }

    /// <summary>A held event was reported or dropped.</summary>
    public void Settle(ulong tag)
    {
        if (_held.Remove(tag))
        {
            _processed.Enqueue((tag, _batch));
            _isDirty = true;
        }
    }

    /// <summary>Ends a batch, after the pipeline's <c>EndBatch</c>: its deliveries can be acknowledged once the outputs have passed this point.</summary>
    public void EndBatch(OutputWatch outputs)
    {
        if (_isDirty)
        {
            OutputMark mark = _spare.TryPop(out OutputMark? spare) ? spare : new OutputMark();
            mark.Set(outputs);
            _batches.Enqueue((_batch++, mark));
            _isDirty = false;
        }
    }

    /// <summary>Takes what can be acknowledged now: everything up to <paramref name="upTo"/> (0: nothing), and single deliveries beyond it.</summary>
    public void Take(OutputWatch outputs, List<ulong> single, out ulong upTo)
    {
        single.Clear();
        upTo = 0;
        while (_batches.TryPeek(out (long Batch, OutputMark Mark) oldest) && oldest.Mark.IsPassed(outputs))
        {
            _spare.Push(_batches.Dequeue().Mark);
            while (_processed.TryPeek(out (ulong Tag, long Batch) delivery) && delivery.Batch <= oldest.Batch)
            {
                single.Add(_processed.Dequeue().Tag);
            }
        }

        if (single.Count == 0)
        {
            return;
        }

        ulong open = FirstOpen();
        foreach (ulong tag in single)
        {
            upTo = tag < open ? Math.Max(upTo, tag) : upTo;
        }

        // Without a lambda, which would allocate for each batch.
        int kept = 0;
        for (int i = 0; i < single.Count; i++)
        {
            if (single[i] > upTo)
            {
                single[kept++] = single[i];
            }
        }

        single.RemoveRange(kept, single.Count - kept);
    }

    // The first delivery that must stay unacknowledged.
    private ulong FirstOpen()
    {
        ulong first = _last + 1;
        foreach (ulong tag in _held)
        {
            first = Math.Min(first, tag);
        }

        foreach ((ulong tag, _) in _processed)
        {
            first = Math.Min(first, tag);
        }

        return first;
    }
}

/// <summary>
/// The deliveries whose events are held, through all sessions of an input. After a reconnect the broker delivers such an event again, and the pipeline recognizes
/// a duplicate: the new delivery replaces the old one, and so is acknowledged only when the first copy has left the hold queue. Requires the pipeline's lock.
/// </summary>
internal sealed class HeldDeliveries
{
    private readonly Dictionary<long, (QueueConsumer Consumer, ulong Tag, (int, long) Event)> _deliveries = [];
    private readonly Dictionary<(int, long), long> _receipts = [];
    private long _receipt;

    /// <summary>A number for the next event, unique in this input.</summary>
    public long NextReceipt() => ++_receipt;

    /// <summary>Notes a delivery whose event is held. <paramref name="identity"/> is its switch and Event-Sequence; without them, anything unique.</summary>
    public void Add(long receipt, (int, long) identity, QueueConsumer consumer, ulong tag)
    {
        _deliveries[receipt] = (consumer, tag, identity);
        _receipts[identity] = receipt;
    }

    /// <summary>Replaces the delivery of an event that came again; false if that event is not held.</summary>
    public bool TryReplace((int, long) identity, QueueConsumer consumer, ulong tag)
    {
        if (!_receipts.TryGetValue(identity, out long receipt))
        {
            return false;
        }

        _deliveries[receipt] = (consumer, tag, identity);
        return true;
    }

    /// <summary>A held event was reported or dropped.</summary>
    public void Settle(long receipt)
    {
        if (_deliveries.Remove(receipt, out (QueueConsumer Consumer, ulong Tag, (int, long) Event) delivery))
        {
            if (_receipts.TryGetValue(delivery.Event, out long latest) && latest == receipt)
            {
                _receipts.Remove(delivery.Event);
            }

            delivery.Consumer.Settle(delivery.Tag);
        }
    }
}
