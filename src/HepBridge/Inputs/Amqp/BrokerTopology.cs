using System.Globalization;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Reports;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Inputs.Amqp;

/// <summary>Declares the queues of one input and binds them to mod_amqp's exchange.</summary>
internal sealed class BrokerTopology(AmqpInputConfiguration configuration, IConnection connection)
{
    /// <summary>Checks the exchange, declares and binds what is missing, and gives the names of the queues to consume.</summary>
    public async Task<IReadOnlyList<string>> DeclareAsync(IReadOnlyList<string> bindings, CancellationToken cancellationToken)
    {
        await CheckExchangeAsync(cancellationToken);
        if (configuration.IsTemporary)
        {
            await using IChannel own = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            string name = await own.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
            await BindQueueAsync(own, name, bindings, cancellationToken);
            return [name];
        }

        string[] queues = [.. configuration.QueueNames];
        foreach (string queue in queues)
        {
            await DeclareQueueAsync(queue, cancellationToken);
        }

        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        if (!configuration.IsShared)
        {
            await BindQueueAsync(channel, configuration.Queue, bindings, cancellationToken);
            return queues;
        }

        await channel.ExchangeDeclareAsync(configuration.Queue, "x-consistent-hash", durable: true, autoDelete: false, cancellationToken: cancellationToken);
        foreach (string queue in queues)
        {
            // Here the binding key is the queue's weight.
            await channel.QueueBindAsync(queue, configuration.Queue, "1", cancellationToken: cancellationToken);
        }

        foreach (string binding in bindings)
        {
            await channel.ExchangeBindAsync(configuration.Queue, configuration.Exchange, binding, cancellationToken: cancellationToken);
        }

        return queues;
    }

    /// <summary>Binds and unbinds what another configuration of the reports changes.</summary>
    public async Task ChangeBindingsAsync(IReadOnlyList<string> before, IReadOnlyList<string> after, CancellationToken cancellationToken)
    {
        if (configuration.IsTemporary || configuration.IsShared)
        {
            return;
        }

        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await BindQueueAsync(channel, configuration.Queue, [.. after.Except(before)], cancellationToken);
        foreach (string binding in before.Except(after))
        {
            await channel.QueueUnbindAsync(configuration.Queue, configuration.Exchange, binding, cancellationToken: cancellationToken);
        }
    }

    private async Task BindQueueAsync(IChannel channel, string queue, IReadOnlyList<string> bindings, CancellationToken cancellationToken)
    {
        foreach (string binding in bindings)
        {
            await channel.QueueBindAsync(queue, configuration.Exchange, binding, cancellationToken: cancellationToken);
        }
    }

    private async Task CheckExchangeAsync(CancellationToken cancellationToken)
    {
        // A failed declaration closes its channel.
        await using (IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken))
        {
            await channel.ExchangeDeclarePassiveAsync(configuration.Exchange, cancellationToken);
        }

        try
        {
            // A passive declaration does not compare the type.
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.ExchangeDeclareAsync(configuration.Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyText.Contains("'type'", StringComparison.Ordinal) == false)
        {
            // Not allowed to declare, or another argument differs: neither matters.
        }
    }

    private async Task DeclareQueueAsync(string queue, CancellationToken cancellationToken)
    {
        Dictionary<string, object?> arguments = new() { ["x-queue-type"] = configuration.QueueType == AmqpQueueType.Quorum ? "quorum" : "classic" };
        if (configuration.IsShared)
        {
            arguments["x-single-active-consumer"] = true;
        }

        try
        {
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.AccessRefused)
        {
            // Whoever may not declare may still consume what an administrator has declared.
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        }
    }
}

/// <summary>
/// The binding keys of what the reports need, in mod_amqp's default routing key: <c>FreeSWITCH.HOST.EVENT.SUBCLASS.UUID</c>. A group shares by switch, so there
/// routing keys name only the switch, and mod_amqp's own filter selects the events.
/// </summary>
internal static class BindingKeys
{
    public const string Everything = "#";

    public static IReadOnlyList<string> Of(AmqpInputConfiguration configuration, ReportPlan plan)
    {
        if (configuration.Bindings.Count > 0)
        {
            return configuration.Bindings;
        }

        if (configuration.IsShared)
        {
            return [Everything];
        }

        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) = plan.Subscription();
        return
        [
            .. names.Select(name => $"*.*.{name}.#"),

            // Earlier versions of mod_amqp put the subclass in as it is.
            .. subclasses.SelectMany(subclass => (IEnumerable<string>)[Encode(subclass), subclass.Replace('.', '_')]).Distinct(StringComparer.Ordinal).Select(subclass => $"*.*.CUSTOM.{subclass}.#"),
        ];
    }

    /// <summary>A part of a routing key as mod_amqp writes it.</summary>
    public static string Encode(string value)
    {
        StringBuilder text = new();
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            _ = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'~' or (byte)'_' ? text.Append((char)b)
                : b == ' ' ? text.Append('+')
                : text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
