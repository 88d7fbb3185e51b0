using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>amqp_config</c>: queues of a RabbitMQ broker.</summary>
internal static class AmqpSection
{
    public const string Name = "amqp_config";

    private const int TlsPort = 5671;

    public static ListKey<HepServer> Servers { get; } = new("AMQP_SERVER", Address.Server, ["127.0.0.1"],
        "RabbitMQ broker: `\"host\"` or `\"host:port\"`, or a list of a cluster's nodes, tried in this order.")
    { IsRequired = true };

    public static ValueKey<int> Port { get; } = new("AMQP_PORT", NumericValues.Port, "5672", "Port of each `AMQP_SERVER` without one; 5671 with `tls`.");
    public static ValueKey<string> User { get; } = new("AMQP_USER", TextValues.Line, "guest", "User of the broker. RabbitMQ accepts `guest` from its own host only.");
    public static ValueKey<string?> Password { get; } = new("AMQP_PASS", TextValues.Line!, "guest", "Password of `AMQP_USER`.") { IsSecret = true };
    public static ValueKey<string?> PasswordFile { get; } = new("AMQP_PASS_FILE", TextValues.FilePath!, null, "Read `AMQP_PASS` from the first line of this file.");
    public static ValueKey<string> VirtualHost { get; } = new("AMQP_VHOST", TextValues.Line, "/", "Virtual host.");
    public static ValueKey<bool> IsTls { get; } = new("tls", EnumValues.Flag, "false", "Connect by TLS.");
    public static TlsKeys Tls { get; } = new("broker", "AMQP_SERVER");

    public static ValueKey<string> Exchange { get; } = new("exchange", TextValues.AmqpName, "TAP.Events", "The topic exchange that mod_amqp publishes to (its `exchange-name`).");

    public static ValueKey<string> Queue { get; } = new("queue", TextValues.AmqpName, "hepbridge",
        "The durable queue, declared if it is missing. With `partitions`: the name of the hash exchange, and the prefix of the queues `NAME.0`, `NAME.1`, ….");

    public static ValueKey<AmqpQueueType> QueueType { get; } = new("queue_type",
        EnumValues.Of("a queue type", ("quorum", AmqpQueueType.Quorum), ("classic", AmqpQueueType.Classic)), "quorum",
        "`quorum` keeps waiting events through a restart of the broker; `classic` only those that mod_amqp sends with `delivery-mode` 2.");

    public static ListKey<string> Bindings { get; } = new("bindings", TextValues.BindingKey, [],
        "Routing keys to bind, with `*` for one word and `#` for any number. Default: the events that the reports need, in mod_amqp's default format.");

    public static ValueKey<int> Partitions { get; } = new("partitions", NumericValues.Number("a number of partitions", 1, 256), "1",
        "More than 1: the queues that agents with the same `queue` share, by a consistent-hash exchange. The same for all of them; four times the number of agents is a good choice.");

    public static ValueKey<int> Prefetch { get; } = new("prefetch", NumericValues.Number("a number of messages", 2, 65_535), "2000",
        "Most messages of one queue that the broker sends ahead of their acknowledgement.");

    public static ValueKey<string?> CommandExchange { get; } = new("command_exchange", TextValues.AmqpName!, null,
        "Exchange of mod_amqp's command profile, usually `TAP.Commands`: asks switches for calls in progress. Default: don't ask.");

    public static ValueKey<string> CommandKey { get; } = new("command_key", TextValues.AmqpName, "{host}",
        "Routing key of commands to one switch (its `binding_key`); `{host}` is its `FreeSWITCH-Hostname`.");

    public static ValueKey<TimeSpan> PeerTimeout { get; } = new("peer_timeout", NumericValues.Duration("1s", "1d"), "60s",
        "A switch is down after this long without a HEARTBEAT.");

    public static ValueKey<TimeSpan> MaxLag { get; } = new("max_lag", NumericValues.Duration("1s", "1d"), "30s",
        "Health is degraded while events are older than this when HepBridge reads them.");

    public static KeyGroup Group { get; } = new(
        "`amqp_config`: RabbitMQ and mod_amqp",
        "One object, or a list with one object per broker.",
        [Servers, Port, User, Password, PasswordFile, VirtualHost, IsTls, .. Tls.All,
        Exchange, Queue, QueueType, Bindings, Partitions, Prefetch, CommandExchange, CommandKey, PeerTimeout, MaxLag]);

    public static InputSection Section { get; } = new(Name, Group, InputSection.Events, Make);

    private static AmqpInputConfiguration Make(SectionValues values, ReportOptions reports, ConfigurationDiagnostics diagnostics)
    {
        bool isTls = values.Get(IsTls);
        int port = isTls && !values.Has(Port) ? TlsPort : values.Get(Port);
        List<HepServer> servers = [.. values.Get(Servers).Select(server => server.Port == 0 ? server with { Port = port } : server)];
        if (servers.GroupBy(server => server.ToString(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            diagnostics.Error(values.PathOf(Servers), $"{twice.Key} is listed twice", "list each broker once");
        }

        TlsOptions tls = Tls.Make(values, isTls, "set tls to true", diagnostics);
        if (values.Has(ReportFlagKeys.LogEvents) && values.Get(ReportFlagKeys.LogEvents))
        {
            diagnostics.Warning(values.PathOf(ReportFlagKeys.LogEvents), "mod_amqp's events contain no log lines", "set it in esl_config");
        }

        if (values.Has(CommandKey) && !values.Has(CommandExchange))
        {
            diagnostics.Warning(values.PathOf(CommandKey), "has no effect without command_exchange", "set command_exchange, or remove it");
        }

        return new AmqpInputConfiguration
        {
            Servers = servers,
            User = values.Get(User),
            Password = values.GetSecret(Password, PasswordFile, diagnostics) ?? Password.Default!,
            VirtualHost = values.Get(VirtualHost),
            Tls = isTls ? tls : null,
            Exchange = values.Get(Exchange),
            Queue = values.Get(Queue),
            QueueType = values.Get(QueueType),
            Bindings = values.Get(Bindings),
            Partitions = values.Get(Partitions),
            Prefetch = values.Get(Prefetch),
            CommandExchange = values.Get(CommandExchange),
            CommandKey = values.Get(CommandKey),
            PeerTimeout = values.Get(PeerTimeout),
            MaxLag = values.Get(MaxLag),
            Reports = reports,
        };
    }
}
