using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using HepBridge.Tests.Esl;

namespace HepBridge.Benchmarks.Soak;

/// <summary>
/// The simulated switch's event socket. Sends events to the subscribed connection at the rate, including bursts, and
/// cuts it in the middle of a frame as scheduled by <see cref="Mishaps"/>; events fired while nobody is connected are
/// lost. Other connections may query channels.
/// </summary>
internal sealed class SoakSwitch : IAsyncDisposable
{
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(20);

    private readonly FakeEventSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly SoakOptions _options;
    private readonly SoakCalls _calls;
    private readonly Mishaps _mishaps;
    private readonly Task _serving;
    private long _sent;
    private long _dumped;
    private bool _isOver;

    public SoakSwitch(SoakOptions options)
    {
        _options = options;
        _calls = new SoakCalls(options);
        _calls.Restart();
        _mishaps = new Mishaps(options);
        _serving = _socket.ServeAsync(Answer, PlayAsync, _stop.Token);
    }

    public int Port => _socket.Port;

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
        await _serving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private string Answer(string command)
    {
        lock (_gate)
        {
            if (command.StartsWith("api show channels", StringComparison.Ordinal))
            {
                // Not all of thousands: at fifty per second that would take minutes.
                string rows = string.Join(',', _calls.Legs.Take(200).Select(leg => $"{{\"uuid\":\"{leg.Id}\"}}"));
                return FakeEventSocket.Api(rows.Length == 0 ? "{\"row_count\":0}" : $"{{\"row_count\":{Math.Min(200, _calls.Legs.Count)},\"rows\":[{rows}]}}");
            }

            if (command.StartsWith("api uuid_dump ", StringComparison.Ordinal))
            {
                string id = command["api uuid_dump ".Length..].Split(' ')[0];
                if (_calls.Legs.FirstOrDefault(leg => leg.Id == id) is not { } leg)
                {
                    return FakeEventSocket.Api("-ERR No such channel!\n");
                }

                _dumped++;
                return FakeEventSocket.Api(Encoding.UTF8.GetString(_calls.Dump(leg)));
            }
        }

        return command.StartsWith("api ", StringComparison.Ordinal)
            ? FakeEventSocket.Api("FreeSWITCH Version 1.11.3 (soak)\n")
            : FakeEventSocket.Accepted;
    }

    private async Task PlayAsync(FakeEventSocket.Peer peer, CancellationToken cancellationToken)
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
            await peer.SendAsync(frames, null, cancellationToken);
            Volatile.Write(ref _sent, _sent + count);
            if (mishap.Cut)
            {
                // The frame stays incomplete; the agent reads everything before it, and reconnects.
                peer.Socket.Shutdown(SocketShutdown.Send);
                return;
            }
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
}
