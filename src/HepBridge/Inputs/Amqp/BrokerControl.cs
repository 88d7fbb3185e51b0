using HepBridge.Configuration;
using HepBridge.FreeSwitch.Esl;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Inputs.Amqp;

/// <summary>
/// The second connection of an input, for what it publishes: commands to switches, and its share of the group's queues. A broker that is short of memory or disk
/// stops reading from connections that publish: acknowledgements must not share one.
/// </summary>
internal sealed class BrokerControl(AmqpInputConfiguration configuration, AmqpGroup group, Action<string?> blocked, TimeProvider time)
{
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(5);
    private volatile IConnection? _connection;

    /// <summary>Stays connected until canceled; a fault here stops no events.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        BrokerConnector connector = new(configuration, time);
        while (!cancellationToken.IsCancellationRequested)
        {
            BrokerConnection? broker = null;
            try
            {
                broker = await connector.ConnectAsync("control", cancellationToken);
                broker.Connection.ConnectionBlockedAsync += (_, reason) => SetBlocked(reason.Reason);
                broker.Connection.ConnectionUnblockedAsync += (_, _) => SetBlocked(null);
                _connection = broker.Connection;
                await PublishAsync(broker.Connection, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Asked to stop.
            }
            catch (Exception e) when (BrokerFaults.IsFault(e) || e is BrokerException)
            {
                // The other connection reports what is wrong with the broker.
            }
            finally
            {
                _connection = null;
                await SetBlocked(null);
                await BrokerConnector.CloseAsync(broker?.Connection);
            }

            await Task.Delay(_retry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A client for the commands of one switch, by mod_amqp's command profile.</summary>
    public async Task<(IApiClient? Client, EslOutcome Outcome)> OpenAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return _connection is { } connection
                ? (await CommandClient.OpenAsync(connection, configuration, host, time, cancellationToken), EslOutcome.Success)
                : (null, new EslOutcome(EslDisconnectReason.CannotConnect, "There is no connection to the broker for commands."));
        }
        catch (Exception e) when (BrokerFaults.IsFault(e))
        {
            return (null, new EslOutcome(EslDisconnectReason.Broken, $"The broker refuses what commands need: {e.Message}"));
        }
    }

    private Task SetBlocked(string? reason)
    {
        blocked(reason);
        return Task.CompletedTask;
    }

    // In a group: this agent's share to the others. Alone: a message to nobody, because a broker only tells publishers that it blocks them.
    private async Task PublishAsync(IConnection connection, CancellationToken cancellationToken)
    {
        bool mayPublish = true;
        IChannel? channel = configuration.IsMember ? await JoinAsync(connection, cancellationToken) : null;
        while (connection.IsOpen)
        {
            try
            {
                if (mayPublish)
                {
                    channel ??= await connection.CreateChannelAsync(cancellationToken: cancellationToken);
                    await channel.BasicPublishAsync(
                        configuration.IsMember ? GroupExchange : "", "hepbridge.status", mandatory: false, new BasicProperties { ContentType = "text/plain" }, group.Describe(), cancellationToken);
                }
            }
            catch (AlreadyClosedException) when (connection.IsOpen)
            {
                // No permission to publish there.
                mayPublish = false;
            }

            group.Tick();
            await Task.Delay(AmqpGroup.Interval, time, cancellationToken);
        }
    }

    private string GroupExchange => $"{configuration.Queue}.agents";

    private async Task<IChannel> JoinAsync(IConnection connection, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(GroupExchange, ExchangeType.Fanout, durable: false, autoDelete: true, cancellationToken: cancellationToken);
        string queue = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(queue, GroupExchange, "", cancellationToken: cancellationToken);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            group.OnMember(message.Body.Span);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellationToken);
        return channel;
    }
}
