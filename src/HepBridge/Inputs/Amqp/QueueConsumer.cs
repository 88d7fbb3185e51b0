using HepBridge.FreeSwitch.Events;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace HepBridge.Inputs.Amqp;

/// <summary>Takes a queue's deliveries. Called on the library's threads, for one queue one delivery at a time.</summary>
internal interface IDeliveryHandler
{
    /// <summary>Whether to let deliveries wait: what they became might have to be dropped.</summary>
    bool IsCongested { get; }

    /// <summary>Processes a delivery, unless its consumer has been stopped meanwhile.</summary>
    void OnDelivery(QueueConsumer consumer, ulong tag, bool redelivered, string routingKey, ReadOnlySpan<byte> body);

    /// <summary>The consumer gets nothing more; the reason, null if HepBridge itself ended it.</summary>
    void OnEnded(QueueConsumer consumer, ShutdownEventArgs? reason);
}

/// <summary>The consumer of one queue, on a channel of its own.</summary>
internal sealed class QueueConsumer(string queue, IChannel channel, int slot, int prefetch, IDeliveryHandler handler, TimeProvider time) : IAsyncBasicConsumer
{
    private const int TagBits = 40;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private long _lastDelivery;
    private volatile bool _isStopped;

    public string Queue => queue;

    /// <summary>Its number in this session.</summary>
    public int Slot => slot;

    public IChannel Channel => channel;

    public EventParser Parser { get; } = new();

    public DeliveryLedger Ledger { get; } = new(prefetch);

    /// <summary>The switches that its events came from, by Core-UUID. Under the pipeline's lock.</summary>
    public HashSet<byte[]> Switches { get; } = new(ByteKeyComparer.Instance);

    /// <summary>Whether it processes nothing more.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>The monotonic time of the last delivery; 0: none.</summary>
    public long LastDelivery => Volatile.Read(ref _lastDelivery);

    /// <summary>The consumer of a receipt, by its slot, and the delivery's tag.</summary>
    public static (int Slot, ulong Tag) Split(long receipt) => ((int)(receipt >> TagBits), (ulong)receipt & ((1UL << TagBits) - 1));

    /// <summary>A number that is unique in this input.</summary>
    public long Receipt(ulong tag) => ((long)slot << TagBits) | (long)tag;

    /// <summary>Processes nothing more; what is delivered from now on stays unacknowledged, so the broker delivers it again. Under the pipeline's lock.</summary>
    public void Stop() => _isStopped = true;

    public Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref _lastDelivery, time.GetTimestamp());
        if (handler.IsCongested)
        {
            return DeliverLaterAsync(deliveryTag, redelivered, routingKey, body);
        }

        handler.OnDelivery(this, deliveryTag, redelivered, routingKey, body.Span);
        return Task.CompletedTask;
    }

    public Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        // The queue was deleted, or its node is gone.
        handler.OnEnded(this, new ShutdownEventArgs(ShutdownInitiator.Peer, 404, "no queue", null!, cancellationToken));
        return Task.CompletedTask;
    }

    public Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        handler.OnEnded(this, IsStopped ? null : reason);
        return Task.CompletedTask;
    }

    private async Task DeliverLaterAsync(ulong tag, bool redelivered, string routingKey, ReadOnlyMemory<byte> body)
    {
        while (handler.IsCongested && !_isStopped)
        {
            await Task.Delay(_pause, time);
        }

        handler.OnDelivery(this, tag, redelivered, routingKey, body.Span);
    }
}
