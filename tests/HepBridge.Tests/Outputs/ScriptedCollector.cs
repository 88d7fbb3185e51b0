using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HepBridge.Hep;

namespace HepBridge.Tests.Outputs;

/// <summary>A loopback collector that handles each connection by a script, and stores the numbers of all whole packets it read.</summary>
internal sealed class ScriptedCollector : IAsyncDisposable
{
    // Fixed, because the kernel lets an unread connection's buffer grow to the maximum of tcp_rmem. That is 32 MiB on new kernels: all
    // packets of a test would fit, and its collector would never seem to stall.
    private const int ReceiveBuffer = 256 * 1024;

    private readonly TcpListener _listener;
    private readonly X509Certificate2? _certificate;
    private readonly Queue<Func<Connection, Task>> _scripts = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<int> _numbers = [];
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    public ScriptedCollector(X509Certificate2? certificate = null, int port = 0, params Func<Connection, Task>[] scripts)
    {
        _certificate = certificate;
        foreach (Func<Connection, Task> script in scripts)
        {
            _scripts.Enqueue(script);
        }

        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Server.ReceiveBufferSize = ReceiveBuffer;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Whether it requests a client certificate.</summary>
    public bool WantsClientCertificate { get; init; }

    public string? ClientSubject { get; private set; }

    public int Connections { get; private set; }

    /// <summary>Reads a packet's number.</summary>
    public Func<ReadOnlySpan<byte>, int> NumberOf { get; init; } = TestPackets.NumberOf;

    /// <summary>Packets cut off by the end of their connection.</summary>
    public int TornTails { get; private set; }

    /// <summary>The numbers read so far, over all connections, in order.</summary>
    public int[] Numbers
    {
        get
        {
            lock (_numbers)
            {
                return [.. _numbers];
            }
        }
    }

    public static Task ReadAll(Connection connection) => connection.ReadAsync(int.MaxValue);

    /// <summary>Reads some packets, ends its own side, reads the rest and closes: a clean stop.</summary>
    public static Func<Connection, Task> HalfCloseAfter(int packets) => async connection =>
    {
        await connection.ReadAsync(packets);
        connection.Socket.Shutdown(SocketShutdown.Send);
        await connection.ReadAsync(int.MaxValue);
    };

    /// <summary>Reads some packets, then resets.</summary>
    public static Func<Connection, Task> ResetAfter(int packets) => async connection =>
    {
        await connection.ReadAsync(packets);
        connection.Socket.LingerState = new LingerOption(true, 0);
    };

    /// <summary>Reads some packets slowly, the rest at full speed.</summary>
    public static Func<Connection, Task> SlowFor(int packets) => async connection =>
    {
        for (int i = 0; i < packets; i += 20)
        {
            await connection.ReadAsync(20);
            await Task.Delay(1);
        }

        await connection.ReadAsync(int.MaxValue);
    };

    /// <summary>Ends its side, waits for the other side to end, and accepts no more connections: a collector being stopped.</summary>
    public async Task StopAsync()
    {
        _listener.Stop();
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _listener.Dispose();
        _stop.Dispose();
    }

    private static void EndSide(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side was faster.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            Connections++;
            _connections.Add(ServeAsync(socket, _scripts.TryDequeue(out Func<Connection, Task>? script) ? script : ReadAll));
        }
    }

    private async Task ServeAsync(Socket socket, Func<Connection, Task> script)
    {
        try
        {
            Stream stream = new NetworkStream(socket);
            if (_certificate is not null)
            {
                SslStream tls = new(stream, false, (_, certificate, _, _) => (ClientSubject = certificate?.Subject) is not null || !WantsClientCertificate);
                await tls.AuthenticateAsServerAsync(_certificate, WantsClientCertificate, Protocols, false);
                stream = tls;
            }

            Connection connection = new(socket, stream, this);
            await using CancellationTokenRegistration ending = _stop.Token.Register(() => EndSide(socket));
            await script(connection);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or ObjectDisposedException or OperationCanceledException)
        {
            // The other side left, or rejected the certificate; or the collector stopped while the script waited.
        }
        finally
        {
            socket.Dispose();
        }
    }

    /// <summary>One scripted connection.</summary>
    internal sealed class Connection(Socket socket, Stream stream, ScriptedCollector collector)
    {
        private readonly byte[] _buffer = new byte[256 * 1024];
        private int _filled;

        public Socket Socket => socket;

        public Stream Stream => stream;

        /// <summary>Reads nothing until the test goes on, or until the collector stops, so that a failed test ends.</summary>
        public Task WaitAsync(Task signal) => signal.WaitAsync(collector._stop.Token);

        /// <summary>Reads this many packets, or to the end.</summary>
        public async Task ReadAsync(int packets)
        {
            while (packets > 0)
            {
                int at = 0;
                while (packets > 0 && HepStreamFramer.Next(_buffer.AsSpan(at, _filled - at), out int length) is var frame && frame == HepFrame.Packet)
                {
                    lock (collector._numbers)
                    {
                        collector._numbers.Add(collector.NumberOf(_buffer.AsSpan(at, length)));
                    }

                    at += length;
                    packets--;
                }

                Assert.False(HepStreamFramer.Next(_buffer.AsSpan(at, _filled - at), out _) is HepFrame.NotHep or HepFrame.BadLength, "a torn packet");
                _buffer.AsSpan(at, _filled - at).CopyTo(_buffer);
                _filled -= at;
                if (packets > 0)
                {
                    int read = await stream.ReadAsync(_buffer.AsMemory(_filled));
                    if (read == 0)
                    {
                        collector.TornTails += _filled > 0 ? 1 : 0;
                        return;
                    }

                    _filled += read;
                }
            }
        }
    }
}
