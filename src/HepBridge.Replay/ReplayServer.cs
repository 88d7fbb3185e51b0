using System.Net;
using System.Net.Sockets;

namespace HepBridge.Replay;

/// <summary>A stand-in for FreeSWITCH's event socket that plays a recording to each client, starting with its subscription.</summary>
internal sealed class ReplayServer : IDisposable
{
    private readonly Recording _recording;
    private readonly ReplayServerOptions _options;
    private readonly TimeProvider _time;
    private readonly TcpListener _listener;
    private readonly ReplayApi _api;

    /// <summary>Listens at once; clients are answered while <see cref="RunAsync"/> runs.</summary>
    /// <exception cref="SocketException">The port is in use.</exception>
    public ReplayServer(Recording recording, ReplayServerOptions options, TimeProvider time)
    {
        (_recording, _options, _time) = (recording, options, time);
        _api = new ReplayApi(recording, time);
        _listener = new TcpListener(options.Bind, options.Port);
        _listener.Start();
    }

    /// <summary>A client connected (its address) or left (its address, and what it was sent).</summary>
    public event Action<string>? Told;

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Serves clients until cancelled, or with <see cref="ReplayServerOptions.Once"/> until the first one that was played to has left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> connections = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(ending.Token).ConfigureAwait(false);
                connections.RemoveAll(static connection => connection.IsCompletedSuccessfully);
                connections.Add(ServeAsync(socket, ending));
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Stopped, or done.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(connections).ConfigureAwait(false);
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(Socket socket, CancellationTokenSource ending)
    {
        string client = socket.RemoteEndPoint?.ToString() ?? "?";
        Told?.Invoke($"{client} connected");
        socket.NoDelay = true;
        using ReplayConnection connection = new(socket, _recording, _options, _api, _time);
        await connection.RunAsync(ending.Token).ConfigureAwait(false);
        Told?.Invoke($"{client} left after {connection.Sent} events and log lines");
        if (_options.Once && connection.WasPlayedTo)
        {
            await ending.CancelAsync().ConfigureAwait(false);
        }
    }
}
