using System.Net;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Replay;

namespace HepBridge.Commands.Demo;

/// <summary>The demo's recorded switch: how the agent receives it, and its playback.</summary>
internal interface IDemoSwitch : IDisposable
{
    /// <summary>Kind and address.</summary>
    string Name { get; }

    InputConfiguration Input(ReportOptions reports);

    /// <summary>Plays the recording once; returns when the agent has received all of it.</summary>
    Task PlayAsync(Agent agent, CancellationToken cancellationToken);
}

/// <summary>The recorded switch as an event socket on a free loopback port.</summary>
internal sealed class EventSocketSwitch(Recording recording, PlaybackOptions playback) : IDemoSwitch
{
    private readonly ReplayServer _server = new(recording, new ReplayServerOptions { Once = true, Playback = playback }, TimeProvider.System);

    public string Name => $"event socket {_server.EndPoint}";

    public InputConfiguration Input(ReportOptions reports) =>
        new EslInputConfiguration { Server = _server.EndPoint.Address.ToString(), Port = _server.EndPoint.Port, Reports = reports };

    /// <summary>The agent closes its connection after reading to the end of the recording, which ends the server.</summary>
    public Task PlayAsync(Agent agent, CancellationToken cancellationToken) => _server.RunAsync(cancellationToken);

    public void Dispose() => _server.Dispose();
}

/// <summary>
/// The recorded switch as encrypted mod_event_multicast. It sends to loopback directly, as the module can to any host,
/// so that the group needs no route.
/// </summary>
internal sealed class MulticastSwitch(Recording recording, PlaybackOptions playback, IPEndPoint group) : IDemoSwitch
{
    private const string Psk = "hepbridge-demo";
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly MulticastSender _sender = new(new MulticastSenderOptions { Group = group, Psk = Psk, SenderName = "fs-alpha" });

    public string Name => $"mod_event_multicast to {group}, encrypted";

    public InputConfiguration Input(ReportOptions reports) =>
        new MulticastInputConfiguration { Addresses = [group.Address], Port = group.Port, Psk = Psk, Reports = reports };

    public async Task PlayAsync(Agent agent, CancellationToken cancellationToken)
    {
        await WaitAsync(() => agent.Inputs.Count > 0 && agent.Inputs.All(static input => input.IsUp), cancellationToken);
        await new MulticastReplay(recording, playback, _sender, TimeProvider.System).RunAsync(cancellationToken);
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
}
