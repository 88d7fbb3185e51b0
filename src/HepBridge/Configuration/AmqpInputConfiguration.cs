namespace HepBridge.Configuration;

/// <summary>The type of the queues that HepBridge declares (<c>queue_type</c>).</summary>
internal enum AmqpQueueType
{
    Quorum,
    Classic,
}

/// <summary>One object of <c>amqp_config</c>.</summary>
internal sealed class AmqpInputConfiguration : InputConfiguration
{
    /// <summary><c>AMQP_SERVER</c> with <c>AMQP_PORT</c>: the brokers, tried in this order.</summary>
    public IReadOnlyList<HepServer> Servers { get; init; } = [new("127.0.0.1", 5672)];

    public string User { get; init; } = "guest";

    /// <summary><c>AMQP_PASS</c>, or the first line of <c>AMQP_PASS_FILE</c>. A secret.</summary>
    public string Password { get; init; } = "guest";

    public string VirtualHost { get; init; } = "/";

    /// <summary>Null without <c>tls</c>.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary><c>exchange</c>: where mod_amqp publishes.</summary>
    public string Exchange { get; init; } = "TAP.Events";

    /// <summary><c>queue</c>; with partitions the name of the hash exchange, and the beginning of the queues' names.</summary>
    public string Queue { get; init; } = "hepbridge";

    public AmqpQueueType QueueType { get; init; }

    /// <summary><c>bindings</c>; empty: made from what the reports need.</summary>
    public IReadOnlyList<string> Bindings { get; init; } = [];

    /// <summary><c>partitions</c>: the number of queues that a group of agents shares; 1: one queue, no group.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary><c>prefetch</c>: the most messages of one queue that are not acknowledged yet.</summary>
    public int Prefetch { get; init; } = 2_000;

    /// <summary><c>command_exchange</c>: where mod_amqp's command profile listens; null: switches are not asked.</summary>
    public string? CommandExchange { get; init; }

    /// <summary><c>command_key</c>: the routing key of one switch's commands, with <c>{host}</c> for its name.</summary>
    public string CommandKey { get; init; } = "{host}";

    /// <summary><c>peer_timeout</c>: a switch without HEARTBEAT for this long is down.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>max_lag</c>: health is degraded while events are older than this when they arrive.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A queue of its own that ends with the connection: it takes nothing from the agents.</summary>
    public bool IsTemporary { get; private set; }

    /// <summary>Whether agents share the events.</summary>
    public bool IsShared => Partitions > 1;

    /// <summary>Whether it takes its share of the group's queues.</summary>
    public bool IsMember => IsShared && !IsTemporary;

    public IEnumerable<string> QueueNames => IsShared ? Enumerable.Range(0, Partitions).Select(partition => $"{Queue}.{partition}") : [Queue];

    public override string Identity => $"amqp {string.Join(',', Servers)}{(VirtualHost == "/" ? "" : "/" + VirtualHost)} queue {Queue}";

    public override string Description
    {
        get
        {
            string shared = IsShared ? $" (shared, {Partitions} partitions)" : "";
            string tls = Tls is null ? "" : Tls.Verify ? " by TLS" : " by TLS, certificate NOT verified";
            return $"queue {Queue}{shared} of {string.Join(" or ", Servers)}, vhost {VirtualHost}, as {User}{tls}";
        }
    }

    /// <summary>2: a broker delivers again what was not acknowledged.</summary>
    public override int EventPaths => 2;

    /// <summary>The same with a queue of its own that ends with the connection.</summary>
    public override AmqpInputConfiguration ForListening(ReportOptions reports)
    {
        AmqpInputConfiguration copy = (AmqpInputConfiguration)With(reports);
        copy.IsTemporary = true;
        return copy;
    }

    /// <summary>Whether an input made for one configuration serves the other: everything but the reports is the same.</summary>
    public bool IsSameConsumer(AmqpInputConfiguration other) =>
        Identity == other.Identity && User == other.User && Password == other.Password && Tls == other.Tls && Exchange == other.Exchange && QueueType == other.QueueType
        && Bindings.SequenceEqual(other.Bindings) && Partitions == other.Partitions && Prefetch == other.Prefetch && CommandExchange == other.CommandExchange
        && CommandKey == other.CommandKey && PeerTimeout == other.PeerTimeout && IsTemporary == other.IsTemporary;
}
