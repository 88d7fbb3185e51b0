using System.Net.Sockets;
using System.Text;
using HepBridge.Replay;

namespace HepBridge.Tests.Replay;

/// <summary>A replay server on a free port, with raw clients.</summary>
internal sealed class ReplayHarness : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ReplayServer _server;
    private readonly Task _running;

    public ReplayHarness(Recording recording, ReplayServerOptions? options = null)
    {
        _server = new ReplayServer(recording, options ?? Burst, TimeProvider.System);
        _running = _server.RunAsync(_stop.Token);
    }

    public static ReplayServerOptions Burst { get; } = new() { StartDelay = TimeSpan.Zero, Playback = new PlaybackOptions { Speed = 0, KeepTimes = true } };

    public int Port => _server.EndPoint.Port;

    public Task Running => _running;

    /// <summary>Sends all commands at once, and returns everything received until the end of the stream.</summary>
    public async Task<byte[]> TalkAsync(params string[] commands)
    {
        using TcpClient client = new("127.0.0.1", Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(commands.Select(command => command + "\n\n"))));
        using MemoryStream heard = new();
        await stream.CopyToAsync(heard);
        return heard.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _server.Dispose();
        _stop.Dispose();
    }
}
