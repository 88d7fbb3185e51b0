using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Replay;

namespace HepBridge.Commands.Demo;

/// <summary>The recorded switch as an event socket on a free loopback port.</summary>
internal sealed class EventSocketSwitch : IDemoSwitch
{
    private readonly ReplayServer _server;

    /// <exception cref="System.Net.Sockets.SocketException">No port is free.</exception>
    public EventSocketSwitch(Recording recording, PlaybackOptions playback) =>
        _server = new ReplayServer(recording, new ReplayServerOptions { Once = true, Playback = playback }, TimeProvider.System);

    public string Name => $"event socket {_server.EndPoint}";

    public InputConfiguration Input(ReportOptions reports) =>
        new EslInputConfiguration { Server = _server.EndPoint.Address.ToString(), Port = _server.EndPoint.Port, Reports = reports };

    /// <summary>The agent closes its connection after reading to the end of the recording, which ends the server.</summary>
    public Task PlayAsync(Agent agent, CancellationToken cancellationToken) => _server.RunAsync(cancellationToken);

    public void Dispose() => _server.Dispose();
}
