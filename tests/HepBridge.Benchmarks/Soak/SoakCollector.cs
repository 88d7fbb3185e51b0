using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HepBridge.Hep;

namespace HepBridge.Benchmarks.Soak;

/// <summary>A UDP and TCP collector on its own ports: decodes and counts every packet.</summary>
internal sealed class SoakCollector : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 16 << 20 };
    private readonly TcpListener _tcp = new(IPAddress.Loopback, 0);
    private readonly Task _work;
    private long _byUdp;
    private long _byTcp;
    private long _malformed;

    public SoakCollector()
    {
        _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _tcp.Start();
        _work = Task.WhenAll(ReceiveAsync(), AcceptAsync());
    }

    public int UdpPort => ((IPEndPoint)_udp.LocalEndPoint!).Port;

    public int TcpPort => ((IPEndPoint)_tcp.LocalEndpoint).Port;

    public long ByUdp => Volatile.Read(ref _byUdp);

    public long ByTcp => Volatile.Read(ref _byTcp);

    /// <summary>Data that was not a packet.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Datagrams that the kernel dropped because this process was too slow (/proc/net/udp, the last column).</summary>
    public long KernelDrops()
    {
        string port = string.Create(CultureInfo.InvariantCulture, $":{UdpPort:X4} ");
        string? line = File.ReadLines("/proc/net/udp").FirstOrDefault(one => one.Contains(port, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[HepEncoder.MaxPacketLength];
        while (true)
        {
            int length = await _udp.ReceiveAsync(buffer, _stop.Token);
            Count(buffer.AsSpan(0, length), ref _byUdp);
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            using Socket socket = await _tcp.AcceptSocketAsync(_stop.Token);
            byte[] buffer = new byte[4 * HepEncoder.MaxPacketLength];
            int filled = 0;
            int count;
            while ((count = await socket.ReceiveAsync(buffer.AsMemory(filled), _stop.Token)) > 0)
            {
                filled += count;
                int at = 0;
                while (HepStreamFramer.Next(buffer.AsSpan(at, filled - at), out int length) == HepFrame.Packet)
                {
                    Count(buffer.AsSpan(at, length), ref _byTcp);
                    at += length;
                }

                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
            }
        }
    }

    private void Count(ReadOnlySpan<byte> packet, ref long counter)
    {
        if (HepDecoder.TryDecode(packet, out _, out _))
        {
            Volatile.Write(ref counter, counter + 1);
        }
        else
        {
            Interlocked.Increment(ref _malformed);
        }
    }
}
