using System.Diagnostics;
using HepBridge.EndToEndTests.Collectors;
using HepBridge.Tests.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.EndToEndTests.Amqp;

/// <summary>A RabbitMQ node of its own: ports, database, cookie and port mapper.</summary>
internal sealed class RabbitNode : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-rabbit-").FullName;
    private readonly Dictionary<string, string> _environment;
    private ToolProcess? _process;

    private RabbitNode()
    {
        string At(string name) => Path.Combine(_directory, name);
        File.WriteAllText(At("plugins"), "[rabbitmq_consistent_hash_exchange].");
        File.WriteAllText(At("rabbitmq.conf"), "log.console.level = warning\n");
        _environment = new Dictionary<string, string>
        {
            ["HOME"] = _directory,
            ["RABBITMQ_NODENAME"] = "hepbridge@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Text(Port = FreePort.Next()),
            ["RABBITMQ_DIST_PORT"] = Text(FreePort.Next()),
            ["ERL_EPMD_PORT"] = Text(FreePort.Next()),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_MNESIA_BASE"] = At("mnesia"),
            ["RABBITMQ_LOG_BASE"] = At("log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = At("plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_CONFIG_FILE"] = At("rabbitmq.conf"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 1:1",
        };
    }

    public int Port { get; }

    public static async Task<RabbitNode> StartAsync()
    {
        Packages.RequireRabbitMq();
        RabbitNode node = new();
        await node.StartAgainAsync();
        return node;
    }

    public Task<IConnection> ConnectAsync() => new ConnectionFactory { HostName = "127.0.0.1", Port = Port, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    /// <summary>Stops the broker in order, and starts it on the same port with the same database.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await using (ToolProcess mapper = ToolProcess.Start(_directory, _environment, "epmd", "-kill"))
        {
            await mapper.SucceedsAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task StartAgainAsync()
    {
        _process = ToolProcess.Start(_directory, _environment, Path.Combine(Packages.RabbitMqPrograms!, "rabbitmq-server"));
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using IConnection connection = await ConnectAsync();
                return;
            }
            catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException)
            {
                Assert.True(watch.Elapsed < _patience && !_process.HasEnded, $"RabbitMQ does not start:\n{_process.Output}");
                await Task.Delay(200);
            }
        }
    }

    private async Task EndAsync()
    {
        if (_process is not null)
        {
            await _process.EndAsync();
            await _process.DisposeAsync();
            _process = null;
        }
    }
}
