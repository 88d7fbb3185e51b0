using System.Net;
using System.Net.Sockets;

namespace HepBridge.Replay;

/// <summary>A stand-in for FreeSWITCH's event socket that plays a recording to each client, starting with its subscription.</summary>
/// <remarks>It listens at once; clients are answered while <see cref="RunAsync"/> runs.</remarks>
/// <exception cref="SocketException">The port is in use.</exception>
internal sealed class ReplayServer(Recording recording, ReplayServerOptions options, TimeProvider time) : IDisposable
{
    private readonly TcpListener _listener = Listen(options);
    private readonly ReplayApi _api = new(recording, time);

    /// <summary>A client connected (its address) or left (its address, and the number of events sent to it).</summary>
    public event Action<string>? ClientChanged;

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Serves clients until canceled, or with <see cref="ReplayServerOptions.Once"/> until the first one that was played to has left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> connections = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(ending.Token);
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
            await ending.CancelAsync();
            await Task.WhenAll(connections);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static TcpListener Listen(ReplayServerOptions options)
    {
        TcpListener listener = new(options.Bind, options.Port);
        listener.Start();
        return listener;
    }

    private async Task ServeAsync(Socket socket, CancellationTokenSource ending)
    {
        string client = socket.RemoteEndPoint?.ToString() ?? "?";
        ClientChanged?.Invoke($"{client} connected");
        socket.NoDelay = true;
        using ReplayConnection connection = new(socket, recording, options, _api, time);
        await connection.RunAsync(ending.Token);
        ClientChanged?.Invoke($"{client} left after {connection.Sent} events and log lines");
        if (options.Once && connection.WasPlayedTo)
        {
            await ending.CancelAsync();
        }
    }
}

internal sealed record ReplayServerOptions
{
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The password of <c>auth</c> and <c>userauth</c>.</summary>
    public string Password { get; init; } = "ClueCon";

    /// <summary>The only <c>user@domain</c> accepted by <c>userauth</c>; null: any.</summary>
    public string? User { get; init; }

    /// <summary>Whether to reject every client as an access list would.</summary>
    public bool Reject { get; init; }

    /// <summary>Whether connections stay open after the last event.</summary>
    public bool Stay { get; init; }

    /// <summary>Whether the server ends with the first connection that was played to.</summary>
    public bool Once { get; init; }

    /// <summary>Playback starts this long after the last <c>event</c> or <c>log</c> command, because clients send several.</summary>
    public TimeSpan StartDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    public PlaybackOptions Playback { get; init; } = new();
}
