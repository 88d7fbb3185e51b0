using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;
using HepBridge.Tests.Multicast;
using HepBridge.Tests.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Tests.Inputs;

/// <summary>The multicast input with a real receiver on a loopback port, feeding the pipeline of a rig.</summary>
internal sealed class LoopbackMulticast : IMulticastHandler, IAsyncDisposable
{
    // As many as a small receive buffer can hold.
    private const int AtOnce = 8;

    private readonly SemaphoreSlim _taken = new(0);
    private readonly TaskCompletionSource<MulticastListenerStatus> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RunningReceiver _running;

    public LoopbackMulticast(PipelineRig rig, string? psk = null, ReportOptions? reports = null, string address = "127.0.0.1", ILogger<MulticastInput>? log = null)
    {
        IPAddress[] addresses = [IPAddress.Parse(address)];
        Input = new MulticastInput(
            new MulticastInputConfiguration { Addresses = addresses, Psk = psk, Reports = reports ?? PipelineRig.AllReports },
            rig.Pipeline,
            rig.Time,
            log ?? NullLogger<MulticastInput>.Instance);
        Receiver = new MulticastReceiver(new MulticastReceiverOptions { Addresses = addresses, Port = 0, Psk = psk }, this, TimeProvider.System);
        _running = new RunningReceiver(Receiver);
    }

    public MulticastInput Input { get; }

    public MulticastReceiver Receiver { get; }

    /// <summary>Returns once all were received or rejected.</summary>
    public async Task SendAsync(IEnumerable<byte[]> datagrams)
    {
        MulticastListenerStatus status = await _listening.Task;
        using Socket socket = new(status.Address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        IPEndPoint to = new(status.Address, status.Port);
        foreach (byte[][] some in datagrams.Chunk(AtOnce))
        {
            foreach (byte[] datagram in some)
            {
                socket.SendTo(datagram, to);
            }

            for (int i = 0; i < some.Length; i++)
            {
                Assert.True(await _taken.WaitAsync(TimeSpan.FromSeconds(60)));
            }
        }
    }

    public void OnBatch(MulticastBatch batch)
    {
        Input.OnBatch(batch);
        _taken.Release(batch.Count);
    }

    public void OnRejected(DatagramReject reason, SenderAddress sender)
    {
        Input.OnRejected(reason, sender);
        _taken.Release();
    }

    public void OnListener(MulticastListenerStatus status)
    {
        Input.OnListener(status);
        _listening.TrySetResult(status);
    }

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        Input.Dispose();
        _taken.Dispose();
    }
}
