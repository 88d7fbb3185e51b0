using System.Globalization;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Inputs.Amqp;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Checks;

/// <summary>Looks at the plugin and at the queues without taking anything from them.</summary>
internal sealed class QueueLook(AmqpInputConfiguration input, BrokerConnection broker, TimeProvider time, CheckResults results)
{
    private const ushort NotFound = 404;
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
            if (found.MessageCount > 0)
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
        try
        {
            await using IChannel channel = await broker.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
            if (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } message
                && _parser.TryParse(message.Body.Span, EventEncoding.Json, out FreeSwitchEvent e, out _)
                && e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp))
            {
                TimeSpan age = time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddMicroseconds(stamp);
                _oldest = _oldest is { } older && older > age ? older : age;
            }
        }
        catch (OperationInterruptedException)
        {
            // A queue with a single active consumer refuses it while it has one.
        }
    }
}
