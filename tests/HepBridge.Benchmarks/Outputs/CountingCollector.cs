using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace HepBridge.Benchmarks.Outputs;

/// <summary>A loopback collector that only counts, as fast as it can or at a given rate; over TCP, TLS or UDP.</summary>
internal sealed class CountingCollector : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _socket;
    private readonly X509Certificate2? _certificate;
    private readonly Task _work;
    private long _packets;
    private long _newest;

    public CountingCollector(bool isStream, X509Certificate2? certificate)
    {
        _certificate = certificate;
        _socket = isStream
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 << 20 };
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (isStream)
        {
            _socket.Listen();
        }

        _work = Task.Run(() => isStream ? AcceptAsync() : ReceiveAsync());
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Packets read.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>The highest packet number read so far.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Most bytes per second to read; 0: no limit.</summary>
    public int BytesPerSecond { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[65_536];
        while (true)
        {
            int length = await _socket.ReceiveAsync(buffer, _stop.Token);
            Count(buffer.AsSpan(0, length));
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            using Socket socket = await _socket.AcceptAsync(_stop.Token);
            Stream stream = new NetworkStream(socket);
            if (_certificate is not null)
            {
                SslStream tls = new(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }

            await ReadAsync(stream);
        }
    }

    private async Task ReadAsync(Stream stream)
    {
        byte[] buffer = new byte[256 * 1024];
        int filled = 0;
        int read;
        do
        {
            int room = BytesPerSecond > 0 ? Math.Min(buffer.Length - filled, Math.Max(1000, BytesPerSecond / 50)) : buffer.Length - filled;
            read = await stream.ReadAsync(buffer.AsMemory(filled, room), _stop.Token);
            filled += read;
            int at = 0;
            while (filled - at >= 6 && BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(at + 4)) is var length && filled - at >= length)
            {
                Count(buffer.AsSpan(at, length));
                at += length;
            }

            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
            if (BytesPerSecond > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)read / BytesPerSecond), _stop.Token);
            }
        }
        while (read > 0);
    }

    private void Count(ReadOnlySpan<byte> packet)
    {
        Volatile.Write(ref _packets, _packets + 1);
        long number = BinaryPrimitives.ReadInt64BigEndian(packet[^8..]);
        if (number > _newest)
        {
            Volatile.Write(ref _newest, number);
        }
    }
}
