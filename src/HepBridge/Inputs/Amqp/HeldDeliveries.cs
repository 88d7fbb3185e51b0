namespace HepBridge.Inputs.Amqp;

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

    /// <summary>Notes a delivery whose event is held.</summary>
    /// <param name="receipt">The event's number.</param>
    /// <param name="identity">Its switch and Event-Sequence; without them, anything unique.</param>
    /// <param name="consumer">The queue that it came from.</param>
    /// <param name="tag">Its delivery tag.</param>
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
