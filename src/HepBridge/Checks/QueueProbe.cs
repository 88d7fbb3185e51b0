using System.Globalization;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Inputs.Amqp;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Checks;

/// <summary>Looks at the plugin and at the queues without taking anything from them.</summary>
internal sealed class QueueProbe(AmqpInputConfiguration input, BrokerConnection broker, TimeProvider time, CheckResults results)
{
    private const ushort NotFound = 404;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private readonly EventParser _parser = new();
    private long _waiting;
    private long _consumers;
    private int _queues;
    private TimeSpan? _oldest;

    /// <summary>Partitions need an exchange of a type that a plugin brings.</summary>
    public async Task LookAtPluginAsync(CancellationToken cancellationToken)
    {
        if (!input.IsShared)
        {
            return;
        }

        // An unknown type closes the whole connection.
        await using IChannel channel = await broker.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
        string name = $"hepbridge.check.{Guid.NewGuid():N}";
        await channel.ExchangeDeclareAsync(name, "x-consistent-hash", durable: false, autoDelete: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeleteAsync(name, cancellationToken: cancellationToken);
        results.Ok("the consistent-hash exchange is enabled");
    }

    public async Task LookAtQueueAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            await using IChannel channel = await broker.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
            QueueDeclareOk found = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            _queues++;
            _waiting += found.MessageCount;
            _consumers += found.ConsumerCount;

            // Of a shared queue, only its active consumer gets messages; an agent's lag is in its metrics.
            if (found.MessageCount > 0 && !(input.IsShared && found.ConsumerCount > 0))
            {
                await LookAtOldestAsync(queue, cancellationToken);
            }
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
        {
            // Counted as missing.
        }
    }

    public void Summarize()
    {
        int wanted = input.QueueNames.Count();
        if (_queues < wanted)
        {
            results.Warning(
                string.Create(CultureInfo.InvariantCulture, $"{wanted - _queues} of {wanted} queues do not exist yet"), "'hepbridge run' declares them; until then the broker drops events");
        }

        if (_queues > 0)
        {
            string age = _oldest is { } oldest ? string.Create(CultureInfo.InvariantCulture, $", the oldest {oldest.TotalSeconds:0} s old") : "";
            results.Ok(string.Create(CultureInfo.InvariantCulture, $"{_waiting} messages wait in {_queues} queues{age}; {_consumers} consumers"));
        }
    }

    // Taken without an acknowledgement, and so back in its place when the channel closes.
    private async Task LookAtOldestAsync(string queue, CancellationToken cancellationToken)
    {
        await using IChannel channel = await broker.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
        TaskCompletionSource<byte[]> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            first.TrySetResult(message.Body.ToArray());
            return Task.CompletedTask;
        };
        await channel.BasicQosAsync(0, 1, global: false, cancellationToken);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
        try
        {
            byte[] body = await first.Task.WaitAsync(_patience, time, cancellationToken);
            if (_parser.TryParse(body, EventEncoding.Json, out FreeSwitchEvent e, out _) && e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp))
            {
                TimeSpan age = time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddMicroseconds(stamp);
                _oldest = _oldest is { } older && older > age ? older : age;
            }
        }
        catch (TimeoutException)
        {
            // An agent took it meanwhile.
        }
    }
}
