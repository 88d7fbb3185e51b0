using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HepBridge.EndToEndTests.Amqp;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Benchmarks.Rates;

/// <summary>A RabbitMQ node of its own for a measurement.</summary>
internal sealed class BenchBroker : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-rates-").FullName;
    private readonly Dictionary<string, string> _environment;
    private readonly Process _process;

    private BenchBroker()
    {
        _environment = RabbitPrograms.Prepare(_directory, Port, FreePort);
        _process = Start(RabbitPrograms.Server);
    }

    public static bool IsInstalled => RabbitPrograms.Directory is not null;

    public int Port { get; } = FreePort();

    public static async Task<BenchBroker> StartAsync()
    {
        BenchBroker broker = new();
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using IConnection connection = await broker.ConnectAsync();
                return broker;
            }
            catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException && watch.Elapsed < _patience && !broker._process.HasExited)
            {
                await Task.Delay(200);
            }
        }
    }

    public Task<IConnection> ConnectAsync() => new ConnectionFactory { HostName = "127.0.0.1", Port = Port, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    public async ValueTask DisposeAsync()
    {
        using (Process stop = Start(RabbitPrograms.Control, "shutdown"))
        {
            await stop.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        using (Process mapper = Start("epmd", "-kill"))
        {
            await mapper.WaitForExitAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private Process Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = _directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in _environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
