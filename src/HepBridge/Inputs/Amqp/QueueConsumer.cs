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

    /// <summary>A delivery can be acknowledged as soon as the outputs have its packets.</summary>
    void OnSettled();

    /// <summary>The consumer gets nothing more; the reason, null if HepBridge itself ended it.</summary>
    void OnEnded(QueueConsumer consumer, ShutdownEventArgs? reason);
}

/// <summary>The consumer of one queue, on a channel of its own.</summary>
internal sealed class QueueConsumer(string queue, IChannel channel, int prefetch, IDeliveryHandler handler, TimeProvider time) : IAsyncBasicConsumer
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private long _lastDelivery;
    private volatile bool _isStopped;
    private bool _isGivenUp;

    public string Queue => queue;

    public IChannel Channel => channel;

    public EventParser Parser { get; } = new();

    public DeliveryLedger Ledger { get; } = new(prefetch);

    /// <summary>The switches that its events came from, by Core-UUID. Under the pipeline's lock.</summary>
    public HashSet<byte[]> Switches { get; } = new(ByteKeyComparer.Instance);

    public bool IsStopped => _isStopped;

    /// <summary>The monotonic time of the last delivery; 0: none.</summary>
    public long LastDelivery => Volatile.Read(ref _lastDelivery);

    /// <summary>Processes nothing more; what is delivered from now on stays unacknowledged, so the broker delivers it again. Under the pipeline's lock.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Its queue belongs to another agent from now on: what is held stays unacknowledged. Under the pipeline's lock.</summary>
    public void GiveUp() => _isGivenUp = true;

    /// <summary>A held event was reported or dropped. Under the pipeline's lock.</summary>
    public void Settle(ulong tag)
    {
        if (!_isGivenUp)
        {
            Ledger.Settle(tag);
            handler.OnSettled();
        }
    }

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
