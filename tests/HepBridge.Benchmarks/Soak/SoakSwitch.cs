using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HepBridge.Benchmarks.Soak;

/// <summary>
/// The simulated switch's event socket. Sends events to the subscribed connection at the rate, including bursts, and
/// cuts it in the middle of a frame as scheduled by <see cref="Mishaps"/>; events fired while nobody is connected are
/// lost. Other connections may query channels.
/// </summary>
internal sealed class SoakSwitch : IAsyncDisposable
{
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly SoakOptions _options;
    private readonly SoakCalls _calls;
    private readonly Mishaps _mishaps;
    private readonly Task _accepting;
    private readonly List<Task> _connections = [];
    private long _sent;
    private long _dumped;
    private bool _isOver;

    public SoakSwitch(SoakOptions options)
    {
        _options = options;
        _calls = new SoakCalls(options);
        _calls.Restart();
        _mishaps = new Mishaps(options);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Complete events and log lines sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Channel dumps sent.</summary>
    public long Dumped => Volatile.Read(ref _dumped);

    /// <summary>Summary of the disturbances.</summary>
    public string Disturbances => _mishaps.ToString();

    /// <summary>Legs on the switch.</summary>
    public int Legs
    {
        get
        {
            lock (_gate)
            {
                return _calls.Legs.Count;
            }
        }
    }

    /// <summary>Stops sending events; connections stay open.</summary>
    public void EndEvents() => Volatile.Write(ref _isOver, true);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                _connections.RemoveAll(connection => connection.IsCompletedSuccessfully);
                _connections.Add(ServeAsync(socket));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket own = socket;
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using SemaphoreSlim writing = new(1, 1);
        Task playing = Task.CompletedTask;
        try
        {
            await SendAsync(socket, writing, "Content-Type: auth/request\n\n"u8.ToArray(), ended.Token);
            byte[] buffer = new byte[8_192];
            string text = "";
            while (await socket.ReceiveAsync(buffer, ended.Token) is var count and > 0)
            {
                text += Encoding.ASCII.GetString(buffer, 0, count);
                while (text.IndexOf("\n\n", StringComparison.Ordinal) is var end and >= 0)
                {
                    string command = text[..end];
                    text = text[(end + 2)..];
                    await SendAsync(socket, writing, Answer(command), ended.Token);
                    if (command.StartsWith("event ", StringComparison.Ordinal) && playing.IsCompleted)
                    {
                        playing = PlayAsync(socket, writing, ended.Token);
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The agent has closed, as it does after a cut, or the soak is over.
        }

        await ended.CancelAsync();
        await playing;
    }

    private byte[] Answer(string command)
    {
        lock (_gate)
        {
            if (command.StartsWith("api show channels", StringComparison.Ordinal))
            {
                // Not all of thousands: at fifty per second that would take minutes.
                string rows = string.Join(',', _calls.Legs.Take(200).Select(leg => $"{{\"uuid\":\"{leg.Id}\"}}"));
                return Api(Encoding.ASCII.GetBytes(rows.Length == 0 ? "{\"row_count\":0}" : $"{{\"row_count\":{Math.Min(200, _calls.Legs.Count)},\"rows\":[{rows}]}}"));
            }

            if (command.StartsWith("api uuid_dump ", StringComparison.Ordinal))
            {
                string id = command["api uuid_dump ".Length..].Split(' ')[0];
                if (_calls.Legs.FirstOrDefault(leg => leg.Id == id) is not { } leg)
                {
                    return Api("-ERR No such channel!\n"u8.ToArray());
                }

                _dumped++;
                return Api(_calls.Dump(leg));
            }
        }

        return command.StartsWith("api ", StringComparison.Ordinal)
            ? Api("FreeSWITCH Version 1.11.3 (soak)\n"u8.ToArray())
            : "Content-Type: command/reply\nReply-Text: +OK accepted\n\n"u8.ToArray();
    }

    private static byte[] Api(byte[] body) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Type: api/response\nContent-Length: {body.Length}\n\n")), .. body];

    private async Task PlayAsync(Socket socket, SemaphoreSlim writing, CancellationToken cancellationToken)
    {
        try
        {
            double owed = 0;
            long last = Stopwatch.GetTimestamp();
            while (!Volatile.Read(ref _isOver))
            {
                await Task.Delay(_pace, cancellationToken);
                double passed = Stopwatch.GetElapsedTime(last).TotalSeconds;
                last = Stopwatch.GetTimestamp();
                Mishap mishap = _mishaps.Next();
                owed = Math.Min(owed + (passed * _options.Rate * mishap.Speed), _options.Rate);
                (byte[] frames, int count) = Make((int)owed, mishap);
                owed -= (int)owed;
                await SendAsync(socket, writing, frames, cancellationToken);
                Volatile.Write(ref _sent, _sent + count);
                if (mishap.Cut)
                {
                    // The frame stays incomplete; the agent reads everything before it, and reconnects.
                    socket.Shutdown(SocketShutdown.Send);
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // As above.
        }
    }

    private (byte[] Frames, int Count) Make(int events, Mishap mishap)
    {
        lock (_gate)
        {
            if (mishap.Restart)
            {
                _calls.Restart();
            }

            _calls.ClockError = mishap.ClockError;
            using MemoryStream frames = new();
            int count = 0;
            if (mishap.Heartbeat)
            {
                frames.Write(_calls.Heartbeat());
                count++;
            }

            for (int i = 0; i < events; i++)
            {
                frames.Write(_calls.Next());
                count++;
            }

            if (mishap.Cut)
            {
                byte[] half = _calls.Heartbeat();
                frames.Write(half.AsSpan(0, half.Length / 2));
            }

            return (frames.ToArray(), count);
        }
    }

    private static async Task SendAsync(Socket socket, SemaphoreSlim writing, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
            }
        }
        finally
        {
            writing.Release();
        }
    }
}
