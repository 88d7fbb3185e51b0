using System.Net.Sockets;

namespace HepBridge.Tests.Replay;

/// <summary>A pair of connected sockets that preserve write boundaries (SOCK_SEQPACKET): one receive returns one write of the other side.</summary>
internal sealed class MessageSocket : IDisposable
{
    private MessageSocket(Socket server, Socket client)
    {
        (Server, Client) = (server, client);
    }

    /// <summary>The side under test.</summary>
    public Socket Server { get; }

    public Socket Client { get; }

    public static async Task<MessageSocket> ConnectAsync()
    {
        string path = Path.Combine(Path.GetTempPath(), "hepbridge-" + Path.GetRandomFileName());
        try
        {
            using Socket listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            Socket client = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
            return new MessageSocket(await listener.AcceptAsync(), client);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The other side's next write; empty at its end.</summary>
    public async Task<byte[]> ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[256 * 1024];
        int length = await Client.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        return buffer[..length];
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
    }
}
