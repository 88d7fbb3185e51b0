using HepBridge.Configuration;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace HepBridge.Inputs.Amqp;

/// <summary>One connection to a broker from start to end: consumes the queues, and acknowledges in batches what the outputs have taken.</summary>
internal sealed class BrokerSession(AmqpInputConfiguration configuration, BrokerConnection broker, EventPipeline pipeline, DeliveryIntake intake, TimeProvider time)
    : IDeliveryHandler, IDisposable
{
    private static readonly TimeSpan _batchTime = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _depthInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _stopTime = TimeSpan.FromSeconds(3);

    // A switch sends a HEARTBEAT every 20 s, unless it is set up otherwise.
    private static readonly TimeSpan _busyTime = TimeSpan.FromSeconds(45);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private readonly WakeSignal _wake = new();
    private readonly List<ulong> _single = [];
    private volatile QueueConsumer[] _consumers = [];
    private OutputWatch _outputs = new();

    public BrokerTopology Topology { get; } = new(configuration, broker.Connection);

    public int Queues { get; private set; }

    /// <summary>Messages that wait in the queues, when they were last counted.</summary>
    public long Waiting { get; private set; }

    public bool IsCongested => _outputs.IsCongested;

    /// <summary>Deliveries that are not acknowledged. Under the pipeline's lock.</summary>
    public long Unacknowledged => _consumers.Sum(consumer => (long)consumer.Ledger.Unacknowledged);

    /// <summary>Queues that brought events lately.</summary>
    public int Load => _consumers.Count(IsBusy);

    /// <summary>Declares the queues and starts to consume them.</summary>
    public async Task StartAsync(IReadOnlyList<string> bindings, OutputWatch outputs, CancellationToken cancellationToken)
    {
        _outputs = outputs;
        broker.Connection.ConnectionShutdownAsync += (_, reason) =>
        {
            _ended.TrySetResult(broker.Faults.Explain(reason));
            return Task.CompletedTask;
        };
        foreach (string queue in await Topology.DeclareAsync(bindings, cancellationToken))
        {
            await ConsumeAsync(queue, cancellationToken);
            Queues++;
        }
    }

    /// <summary>Acknowledges until the connection or a queue is gone; gives the reason. Canceled: stops in order, and gives back what was not processed.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration stop = cancellationToken.Register(() => _ended.TrySetResult("stopped"));
        Task acknowledging = AcknowledgeAsync();
        Task watching = WatchDepthAsync();
        string reason = await _ended.Task;
        lock (pipeline.Gate)
        {
            Array.ForEach(_consumers, consumer => consumer.Stop());
        }

        if (cancellationToken.IsCancellationRequested)
        {
            await FinishAsync(_consumers);
        }

        await _end.CancelAsync();
        _wake.Set();
        await acknowledging;
        await watching;
        return reason;
    }

    /// <summary>Gives busy queues up to the agents that wait for them, and waits for them again itself.</summary>
    public async Task ReleaseAsync(int count, Action<QueueConsumer> onReleased, CancellationToken cancellationToken)
    {
        foreach (QueueConsumer consumer in _consumers.Where(IsBusy).Take(count).ToArray())
        {
            lock (pipeline.Gate)
            {
                consumer.Stop();
            }

            await FinishAsync([consumer]);
            lock (pipeline.Gate)
            {
                _consumers = [.. _consumers.Where(other => other != consumer)];
                consumer.GiveUp();
                onReleased(consumer);
            }

            try
            {
                await consumer.Channel.CloseAsync(cancellationToken);
                await ConsumeAsync(consumer.Queue, cancellationToken);
            }
            catch (Exception e) when (BrokerFaults.IsFault(e) || e is OperationCanceledException)
            {
                // Without this queue the session is of no use: the next one consumes all of them.
                _ended.TrySetResult(broker.Faults.Explain(e));
            }
        }
    }

    public void Dispose() => _end.Dispose();

    void IDeliveryHandler.OnDelivery(QueueConsumer consumer, ulong tag, bool redelivered, string routingKey, ReadOnlySpan<byte> body)
    {
        intake.Process(consumer, tag, redelivered, routingKey, body);
        _wake.Set();
    }

    void IDeliveryHandler.OnSettled() => _wake.Set();

    void IDeliveryHandler.OnEnded(QueueConsumer consumer, ShutdownEventArgs? reason)
    {
        if (reason is not null)
        {
            _ended.TrySetResult(broker.Faults.Explain(reason));
        }
    }

    private async Task ConsumeAsync(string queue, CancellationToken cancellationToken)
    {
        IChannel channel = await broker.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicQosAsync(0, (ushort)configuration.Prefetch, global: false, cancellationToken);
        QueueConsumer consumer = new(queue, channel, configuration.Prefetch, this, time);
        lock (pipeline.Gate)
        {
            _consumers = [.. _consumers, consumer];
        }

        Waiting += await channel.MessageCountAsync(queue, cancellationToken);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
    }

    // Sleeps while nothing is delivered; then ends a batch every few milliseconds.
    private async Task AcknowledgeAsync()
    {
        TimeSpan wait = _batchTime;
        while (!_end.IsCancellationRequested)
        {
            await Task.Delay(wait, time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            (bool isBusy, bool any) = await EndBatchAsync();
            wait = any || wait >= _longestWait ? any ? _batchTime : _longestWait : wait * 2;
            if (!isBusy)
            {
                await _wake.WaitAsync();
                wait = _batchTime;
            }
        }
    }

    private async Task<(bool IsBusy, bool Any)> EndBatchAsync()
    {
        bool isBusy = false;
        bool any = false;
        foreach (QueueConsumer consumer in _consumers)
        {
            ulong upTo;
            lock (pipeline.Gate)
            {
                pipeline.EndBatch();
                consumer.Ledger.EndBatch(_outputs);
                consumer.Ledger.Take(_outputs, _single, out upTo);
                isBusy |= consumer.Ledger.IsBusy;
            }

            any |= upTo > 0 || _single.Count > 0;
            try
            {
                if (upTo > 0)
                {
                    await consumer.Channel.BasicAckAsync(upTo, multiple: true);
                }

                foreach (ulong tag in _single)
                {
                    await consumer.Channel.BasicAckAsync(tag, multiple: false);
                }
            }
            catch (Exception e) when (BrokerFaults.IsFault(e))
            {
                // The broker delivers it again to whoever consumes next.
                _ended.TrySetResult(broker.Faults.Explain(e));
            }
        }

        return (isBusy, any);
    }

    // What was processed is acknowledged as soon as the outputs have it; the rest goes back to the queues with the connection.
    private async Task FinishAsync(QueueConsumer[] consumers)
    {
        long since = time.GetTimestamp();
        while (time.GetElapsedTime(since) < _stopTime && broker.Connection.IsOpen && HasOpenBatches(consumers))
        {
            await Task.Delay(_batchTime, time, CancellationToken.None);
        }
    }

    private bool HasOpenBatches(QueueConsumer[] consumers)
    {
        lock (pipeline.Gate)
        {
            return Array.Exists(consumers, consumer => consumer.Ledger.IsBusy);
        }
    }

    private bool IsBusy(QueueConsumer consumer) => consumer.LastDelivery != 0 && time.GetElapsedTime(consumer.LastDelivery) < _busyTime;

    private async Task WatchDepthAsync()
    {
        try
        {
            await using IChannel channel = await broker.Connection.CreateChannelAsync(cancellationToken: _end.Token);
            while (!_end.IsCancellationRequested)
            {
                long waiting = 0;
                foreach (QueueConsumer consumer in _consumers)
                {
                    waiting += await channel.MessageCountAsync(consumer.Queue, _end.Token);
                }

                Waiting = waiting;
                await Task.Delay(_depthInterval, time, _end.Token);
            }
        }
        catch (Exception e) when (BrokerFaults.IsFault(e) || e is OperationCanceledException)
        {
            if (!_end.IsCancellationRequested)
            {
                _ended.TrySetResult(broker.Faults.Explain(e));
            }
        }
    }
}
