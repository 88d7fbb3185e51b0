using System.Globalization;
using System.Text;
using HepBridge.Collector.Printing;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Inputs.Amqp;
using HepBridge.Reports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Checks;

/// <summary>Logs in to each broker, looks at exchange, plugin and queues, and listens for a while on a queue of its own.</summary>
internal sealed class AmqpCheck(AmqpInputConfiguration input, TimeProvider time, TimeSpan patience) : ICheck
{
    public string Subject => input.Identity;

    public async Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        BrokerConnector connector = new(input, time);
        foreach (HepServer server in input.Servers)
        {
            BrokerConnection broker;
            try
            {
                broker = await connector.ConnectAsync(server, "check", cancellationToken);
            }
            catch (BrokerException e)
            {
                results.Error(e.Message.TrimEnd('.'), null);
                continue;
            }

            results.Ok($"{server}: logged in as {input.User}, vhost {input.VirtualHost}");
            try
            {
                await LookAsync(broker, results, cancellationToken);
            }
            catch (Exception e) when (BrokerFaults.IsFault(e))
            {
                results.Error(broker.Faults.Explain(e).TrimEnd('.'), null);
            }
            finally
            {
                await BrokerConnector.CloseAsync(broker.Connection);
            }
        }
    }

    private async Task LookAsync(BrokerConnection broker, CheckResults results, CancellationToken cancellationToken)
    {
        QueueProbe probe = new(input, broker, time, results);
        await probe.LookAtPluginAsync(cancellationToken);
        foreach (string queue in input.QueueNames)
        {
            await probe.LookAtQueueAsync(queue, cancellationToken);
        }

        probe.Summarize();
        await ListenAsync(broker, results, cancellationToken);
    }

    private async Task ListenAsync(BrokerConnection broker, CheckResults results, CancellationToken cancellationToken)
    {
        AmqpInputConfiguration temporary = input.ForListening(input.Reports);
        BrokerTopology topology = new(temporary, broker.Connection);
        string queue = (await topology.DeclareAsync(BindingKeys.Of(temporary, new ReportPlan(input.Reports)), cancellationToken))[0];
        results.Ok($"the exchange {input.Exchange} is there and of type topic");
        await using IChannel channel = await broker.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
        ArrivingEvents arriving = new(channel, input.IsShared);
        await channel.BasicConsumeAsync(queue, autoAck: true, arriving, cancellationToken);
        await Task.Delay(patience, time, cancellationToken);
        arriving.Describe(results, patience, input);
    }
}

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
                $"{wanted - _queues} of {wanted} queues do not exist yet", "'hepbridge run' declares them; until then the broker drops events");
        }

        if (_queues > 0)
        {
            string age = _oldest is { } oldest ? string.Create(CultureInfo.InvariantCulture, $", the oldest {oldest.TotalSeconds:0} s old") : "";
            results.Ok($"{_waiting} messages wait in {_queues} queues{age}; {_consumers} consumers");
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

/// <summary>Counts the events that arrive, by switch, and looks at their routing keys.</summary>
internal sealed class ArrivingEvents(IChannel channel, bool isShared) : AsyncDefaultBasicConsumer(channel)
{
    private const int MostNames = 16;
    private readonly Lock _gate = new();
    private readonly EventParser _parser = new();
    private readonly SortedSet<string> _switches = new(StringComparer.Ordinal);
    private int _events;
    private int _others;
    private string? _splitKey;

    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (!_parser.TryParse(body.Span, EventEncoding.Json, out FreeSwitchEvent e, out _))
            {
                _others++;
                return Task.CompletedTask;
            }

            _events++;
            Span<byte> scratch = stackalloc byte[EventLimits.MaxName];
            if (_switches.Count < MostNames)
            {
                _switches.Add(Encoding.UTF8.GetString(e.Get(KnownHeader.FreeSwitchHostname).DecodeId(scratch)));
            }

            if (isShared && routingKey.Contains(Encoding.ASCII.GetString(e.Name), StringComparison.Ordinal))
            {
                _splitKey = routingKey;
            }
        }

        return Task.CompletedTask;
    }

    public void Describe(CheckResults results, TimeSpan patience, AmqpInputConfiguration input)
    {
        lock (_gate)
        {
            if (_others > 0)
            {
                results.Warning($"{_others} messages are no FreeSWITCH events in JSON", "check what else publishes to this exchange");
            }

            if (_splitKey is not null)
            {
                results.Error(
                    $"the routing key {VisibleText.Line(_splitKey)} names the event, so a switch's events reach several agents",
                    "set format_fields to \"#FreeSWITCH,FreeSWITCH-Hostname\" in amqp.conf.xml");
            }

            if (_events > 0)
            {
                results.Ok(string.Create(CultureInfo.InvariantCulture, $"{_events} events arrived in {patience.TotalSeconds:0.#} s, from {VisibleText.Line(string.Join(", ", _switches))}"));
            }
            else
            {
                results.Warning(
                    string.Create(CultureInfo.InvariantCulture, $"no event arrived in {patience.TotalSeconds:0.#} s"),
                    input.Bindings.Count > 0
                        ? "check bindings against the routing keys that mod_amqp makes (format_fields in amqp.conf.xml)"
                        : "a switch sends a HEARTBEAT every 20 s: check connection, exchange-name, event_filter and format_fields in its amqp.conf.xml, and use a larger --seconds");
            }
        }
    }
}
