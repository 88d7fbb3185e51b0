using System.Globalization;
using System.Text;
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

/// <summary>
/// The agents of a group and how many busy queues each has. The broker gives a queue to the agent that waited longest, so the first agent starts with all of
/// them: whoever has more than its share gives the surplus up. If an agent dies, the broker alone decides.
/// </summary>
internal sealed class AmqpGroup(Func<int> load, Action<int, int> release, TimeProvider time)
{
    private const int MostAgents = 1_000;
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(16);
    private readonly string _self = Guid.NewGuid().ToString("N");
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Load, long HeardAt)> _agents = [];

    /// <summary>How often an agent tells its load.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Agents heard lately, this one included.</summary>
    public int Agents
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(1, _agents.Count);
            }
        }
    }

    /// <summary>This agent's message to the others.</summary>
    public byte[] Describe() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_self} {load()}"));

    /// <summary>An agent's message, its own included.</summary>
    public void OnMember(ReadOnlySpan<byte> message)
    {
        string[] words = message.Length > 64 ? [] : Encoding.ASCII.GetString(message).Split(' ');
        if (words is not [{ Length: 32 } id, string text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int theirs))
        {
            return;
        }

        lock (_gate)
        {
            if (_agents.Count < MostAgents || _agents.ContainsKey(id))
            {
                _agents[id] = (theirs, time.GetTimestamp());
            }
        }
    }

    /// <summary>Gives up what is more than this agent's share.</summary>
    public void Tick()
    {
        int mine = load();
        int surplus;
        int agents;
        lock (_gate)
        {
            foreach (string gone in _agents.Where(agent => time.GetElapsedTime(agent.Value.HeardAt) > _silence).Select(agent => agent.Key).ToArray())
            {
                _agents.Remove(gone);
            }

            agents = _agents.Count;
            int all = mine + _agents.Where(agent => agent.Key != _self).Sum(agent => agent.Value.Load);
            surplus = agents < 2 ? 0 : mine - ((all + agents - 1) / agents);
        }

        if (surplus > 0)
        {
            release(surplus, agents);
        }
    }
}
