using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Replay;

namespace HepBridge.Commands.Demo;

/// <summary>
/// The recorded switch as encrypted mod_event_multicast. It sends to loopback directly, as the module can to any host,
/// so that the group needs no route.
/// </summary>
internal sealed class MulticastSwitch : IDemoSwitch
{
    private const string Psk = "hepbridge-demo";
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly Recording _recording;
    private readonly PlaybackOptions _playback;
    private readonly IPEndPoint _group = FreePort();
    private readonly MulticastSender _sender;

    /// <exception cref="SocketException">No port is free.</exception>
    public MulticastSwitch(Recording recording, PlaybackOptions playback)
    {
        (_recording, _playback) = (recording, playback);
        _sender = new MulticastSender(new MulticastSenderOptions { Group = _group, Psk = Psk, SenderName = "fs-alpha" });
    }

    public string Name => $"mod_event_multicast to {_group}, encrypted";

    public InputConfiguration Input(ReportOptions reports) =>
        new MulticastInputConfiguration { Addresses = [_group.Address], Port = _group.Port, Psk = Psk, Reports = reports };

    public async Task PlayAsync(Agent agent, CancellationToken cancellationToken)
    {
        await WaitAsync(() => agent.Inputs.Count > 0 && agent.Inputs.All(static input => input.IsUp), cancellationToken);
        await new MulticastReplay(_recording, _playback, _sender, TimeProvider.System).RunAsync(cancellationToken);
        await WaitAsync(() => agent.Pipeline.Counters.Received >= _sender.Sent, cancellationToken);
    }

    public void Dispose() => _sender.Dispose();

    private static async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(_step);
        long began = TimeProvider.System.GetTimestamp();
        while (!condition() && TimeProvider.System.GetElapsedTime(began) < _patience)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static IPEndPoint FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
