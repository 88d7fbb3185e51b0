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

    private RabbitNode() => _environment = new(RabbitPrograms.Prepare(_directory, Port, FreePort.Next)) { ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 1:1" };

    public int Port { get; } = FreePort.Next();

    public static async Task<RabbitNode> StartAsync()
    {
        Packages.RequireRabbitMq();
        RabbitNode node = new();
        await node.StartAgainAsync();
        return node;
    }

    public Task<IConnection> ConnectAsync() => new ConnectionFactory { HostName = "127.0.0.1", Port = Port, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    /// <summary>Runs rabbitmqctl, which must succeed, and returns its output.</summary>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        await using ToolProcess control = ToolProcess.Start(_directory, _environment, RabbitPrograms.Control, arguments);
        await control.SucceedsAsync();
        return control.Output;
    }

    /// <summary>Stops the broker in order, and starts it on the same port with the same database.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await using (ToolProcess mapper = ToolProcess.Start(_directory, _environment, "epmd", "-kill"))
        {
            await mapper.SucceedsAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    public async Task StartAgainAsync()
    {
        _process = ToolProcess.Start(_directory, _environment, RabbitPrograms.Server);
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

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.EndAsync();
            await _process.DisposeAsync();
            _process = null;
        }
    }
}
