using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace HepBridge.Outputs.Streams;

/// <summary>A TLS connection. How much of a failed write has arrived is unknown, so writes are short: at most one is duplicated.</summary>
internal sealed class TlsConnection(Socket socket, SslStream stream, WakeSignal wake) : StreamConnection(socket, stream, wake)
{
    /// <summary>One TLS record.</summary>
    private const int WriteBytes = 16 * 1024;

    /// <summary>The collector's certificate.</summary>
    public X509Certificate2? Certificate => stream.RemoteCertificate as X509Certificate2;

    /// <summary>The negotiated protocol, such as "Tls13".</summary>
    public string Protocol => stream.SslProtocol.ToString();

    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellationToken)
    {
        int whole = PacketBlock.WholePackets(packets.Span, WriteBytes).Bytes;
        int bytes = whole > 0 ? whole : PacketBlock.PacketLength(packets.Span);
        await Stream.WriteAsync(packets[..bytes], cancellationToken);
        return bytes;
    }

    protected override Task EndAsync() => stream.ShutdownAsync();
}
