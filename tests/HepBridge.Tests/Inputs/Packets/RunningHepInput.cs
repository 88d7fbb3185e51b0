using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Inputs.Packets;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Inputs.Packets;

/// <summary>A HEP input on a free port of loopback, in front of the pipeline of a rig.</summary>
internal sealed class RunningHepInput : IAsyncDisposable
{
    // What a small receive buffer holds.
    private const int AtOnce = 16;
    private readonly CancellationTokenSource _stopping = new();
    private readonly PipelineRig _rig;
    private readonly Task _running;

    public RunningHepInput(HepInputConfiguration configuration, PipelineRig rig, KeptLog log)
    {
        _rig = rig;
        Input = new HepInput(configuration, rig.Pipeline, rig.Time, log.CreateLogger<HepInput>());
        _running = Input.RunAsync(_stopping.Token);
    }

    public HepInput Input { get; }

    /// <summary>The same on port 0.</summary>
    public static HepInputConfiguration OnAnyPort(HepInputConfiguration configuration) => new()
    {
        Reports = configuration.Reports,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        AllowedSenders = configuration.AllowedSenders,
        ReportSip = configuration.ReportSip,
        FillAddresses = configuration.FillAddresses,
    };

    /// <summary>Sends datagrams; returns when all were taken in or refused.</summary>
    public async Task SendAsync(IReadOnlyList<byte[]> packets)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        foreach (byte[][] some in packets.Chunk(AtOnce))
        {
            long before = Taken;
            foreach (byte[] packet in some)
            {
                socket.SendTo(packet, new IPEndPoint(IPAddress.Loopback, Input.Port));
            }

            await TakenAsync(before + some.Length);
        }
    }

    /// <summary>Waits until this many packets were passed on or rejected since the start.</summary>
    public async Task TakenAsync(long packets)
    {
        await Eventually.True(() => Taken >= packets, () => $"{Taken} of {packets} packets were taken.");
    }

    private long Taken
    {
        get
        {
            lock (_rig.Pipeline.Gate)
            {
                return Input.Binding.Received + Input.Refused.Sum(refused => refused.Count);
            }
        }
    }

    public async Task<TcpClient> ConnectAsync()
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Input.Port, TestContext.Current.CancellationToken);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        Input.Dispose();
        _stopping.Dispose();
    }
}
