using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.Tests.Esl;

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

    private readonly FakeEventSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly int _events;
    private readonly int _perSecond;
    private readonly Task _serving;
    private Playing? _playing;
    private int _next;

    public NumberedSwitch(int events, int perSecond)
    {
        _events = events;
        _perSecond = perSecond;
        _serving = _socket.ServeAsync(Answer, PlayAsync, _stop.Token);
    }

    public int Port => _socket.Port;

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
        await _serving;
        _socket.Dispose();
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
        return Encoding.ASCII.GetBytes(FakeEventSocket.Frame(body));
    }

    private static string Answer(string command) =>
        command.StartsWith("api show", StringComparison.Ordinal) ? FakeEventSocket.Api("{\"row_count\":0}")
        : command.StartsWith("api", StringComparison.Ordinal) ? FakeEventSocket.Api("+OK")
        : command.StartsWith("event", StringComparison.Ordinal) ? FakeEventSocket.Enabled
        : FakeEventSocket.Accepted;

    private async Task PlayAsync(FakeEventSocket.Peer peer, CancellationToken cancellationToken)
    {
        Playing playing = new(_next, Port, peer.Socket);
        lock (_gate)
        {
            _playing = playing;
        }

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

            await peer.SendAsync(batch.ToArray(), sent => Interlocked.Add(ref playing.Written, sent), cancellationToken);
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
