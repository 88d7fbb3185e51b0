using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HepBridge.EndToEndTests.Outputs;

/// <summary>
/// A switch's event socket that sends numbered events of equal length, and tracks how many of them its client has read.
/// A client that reconnects gets the events that the previous one had not read.
/// </summary>
internal sealed class NumberedSwitch : IAsyncDisposable
{
    private const int Legs = 100;
    private const int LargestBatch = 2000;

    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(20);
    private static readonly int _eventBytes = Event(0).Length;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _connections = [];
    private readonly int _events;
    private readonly int _perSecond;
    private readonly Task _accepting;
    private Playing? _playing;
    private int _next;

    public NumberedSwitch(int events, int perSecond)
    {
        _events = events;
        _perSecond = perSecond;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>A lower bound of the events read by all clients.</summary>
    public int Taken
    {
        get
        {
            lock (_gate)
            {
                return _playing is { } playing ? playing.First + (int)(playing.Read() / _eventBytes) : _next;
            }
        }
    }

    /// <summary>The number in a packet made from one of the events.</summary>
    public static int NumberOf(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> text = packet[(packet.LastIndexOf("seq="u8) + 4)..];
        int end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return int.Parse(end < 0 ? text : text[..end], CultureInfo.InvariantCulture);
    }

    /// <summary>The client is frozen and about to be killed: what it has not read will be sent to the next one. Returns how many it has read.</summary>
    public async Task<int> ForgetAsync()
    {
        // A frozen client reads no more, but received bytes count in both queues until they are acknowledged.
        while (_playing is { } playing && playing.IsUnacknowledged)
        {
            await Task.Delay(_pace);
        }

        lock (_gate)
        {
            int taken = Taken;
            _next = taken;
            _playing = null;
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _stop.Dispose();
    }

    private static byte[] Event(int number)
    {
        long now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        int leg = number % Legs;
        string body = string.Create(CultureInfo.InvariantCulture, $"""
            Event-Name: CHANNEL_ANSWER
            Core-UUID: 178218bc-08aa-4538-a763-a2abafa62897
            FreeSWITCH-Switchname: torture
            FreeSWITCH-IPv4: 127.0.0.1
            Event-Date-Timestamp: {now:D16}
            Event-Sequence: {number:D7}
            Unique-ID: d18a9914-5365-4986-8eb1-46d456c9{leg:D4}
            Channel-Name: sofia/internal/1000%40127.0.0.1
            Call-Direction: inbound
            Caller-Caller-ID-Number: 1000
            Caller-Destination-Number: 1001
            variable_sip_call_id: torture-{leg:D4}%40127.0.0.1


            """).ReplaceLineEndings("\n");
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\nContent-Type: text/event-plain\n\n{body}"));
    }

    private static byte[] Answer(string command) => Encoding.ASCII.GetBytes(
        command.StartsWith("api show", StringComparison.Ordinal) ? "Content-Type: api/response\nContent-Length: 15\n\n{\"row_count\":0}"
        : command.StartsWith("api", StringComparison.Ordinal) ? "Content-Type: api/response\nContent-Length: 3\n\n+OK"
        : command.StartsWith("event", StringComparison.Ordinal) ? "Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n"
        : "Content-Type: command/reply\nReply-Text: +OK accepted\n\n");

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        using (CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            Task playing = Task.CompletedTask;
            try
            {
                byte[] greeting = "Content-Type: auth/request\n\n"u8.ToArray();
                await socket.SendAsync(greeting, ended.Token);
                await foreach (string command in CommandsAsync(socket, ended.Token))
                {
                    await socket.SendAsync(Answer(command), ended.Token);
                    if (command.StartsWith("event", StringComparison.Ordinal))
                    {
                        playing = PlayAsync(socket, ended.Token);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The client was killed, or the test is over.
            }

            await ended.CancelAsync();
            await playing;
        }
    }

    private static async IAsyncEnumerable<string> CommandsAsync(
        Socket socket, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        string text = "";
        while (await socket.ReceiveAsync(buffer, cancellationToken) is var count && count > 0)
        {
            text += Encoding.ASCII.GetString(buffer, 0, count);
            while (text.IndexOf("\n\n", StringComparison.Ordinal) is var end && end >= 0)
            {
                yield return text[..end];
                text = text[(end + 2)..];
            }
        }
    }

    private async Task PlayAsync(Socket socket, CancellationToken cancellationToken)
    {
        Playing playing = new(_next, Port, socket);
        lock (_gate)
        {
            _playing = playing;
        }

        try
        {
            int number = playing.First;
            long last = Stopwatch.GetTimestamp();
            while (number < _events)
            {
                await Task.Delay(_pace, cancellationToken);
                int count = Math.Min((int)(Stopwatch.GetElapsedTime(last).TotalSeconds * _perSecond), Math.Min(LargestBatch, _events - number));
                last = Stopwatch.GetTimestamp();
                using MemoryStream batch = new();
                for (int i = 0; i < count; i++)
                {
                    batch.Write(Event(number++));
                }

                Memory<byte> rest = batch.GetBuffer().AsMemory(0, (int)batch.Length);
                while (!rest.IsEmpty)
                {
                    int sent = await socket.SendAsync(rest, cancellationToken);
                    Interlocked.Add(ref playing.Written, sent);
                    rest = rest[sent..];
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // As above: unread events are sent to the next client.
        }
    }

    /// <summary>One client that is played to.</summary>
    private sealed class Playing(int first, int port, Socket socket)
    {
        private readonly int _clientPort = ((IPEndPoint)socket.RemoteEndPoint!).Port;
        public long Written;
        private long _read;

        public int First => first;

        /// <summary>Whether segments are on their way, or their acknowledgment is.</summary>
        public bool IsUnacknowledged => SocketQueues.Unacknowledged(socket) > 0;

        /// <summary>A lower bound of the bytes of events the client has read.</summary>
        public long Read()
        {
            long written = Interlocked.Read(ref Written);
            return _read = Math.Max(_read, written - SocketQueues.Unread(port, _clientPort));
        }
    }
}
