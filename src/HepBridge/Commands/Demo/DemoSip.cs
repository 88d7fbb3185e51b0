using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Replay;

namespace HepBridge.Commands.Demo;

/// <summary>The SIP capture of the recorded switch: sends the calls' SIP to the agent's HEP input, in step with their events.</summary>
internal sealed class DemoSip(HepRecording recording, PlaybackOptions playback)
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(5);

    /// <summary>Where the agent listens for it.</summary>
    public IPEndPoint Listen { get; } = FreePort();

    public InputConfiguration Input() => new HepInputConfiguration
    {
        Listen = Listen,
        Tcp = false,
        Reports = new ReportOptions { Packets = new PacketOptions { SipCorrelation = SipCorrelation.Joined } },
    };

    /// <summary>Plays once, from the moment when the agent has the first event.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="begin">The recorded time of the first event, in microseconds since 1970.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task PlayAsync(Agent agent, long begin, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(_step);
        while (agent.Pipeline.Counters.Received == 0)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(Listen, cancellationToken);
        HepReplay replay = new(recording, playback, TimeProvider.System, async (packet, cancel) => await socket.SendAsync(packet, SocketFlags.None, cancel));
        await replay.RunAsync(begin, cancellationToken);
    }

    /// <summary>A free UDP port of loopback.</summary>
    /// <exception cref="SocketException">There is none.</exception>
    public static IPEndPoint FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
