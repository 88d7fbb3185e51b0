using System.Net;
using System.Net.Sockets;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Udp;

/// <summary>
/// Sends packets as datagrams, straight from the caller of <see cref="Flush"/> as long as the kernel takes them at once. What it does not take, and
/// all packets while the collector's name has no address, wait in a ring for a worker.
/// </summary>
/// <remarks>
/// UDP tells little: a packet counts as sent when the kernel has it. The one answer there is, ICMP "port unreachable", arrives as an error of a
/// later packet; that packet is tried once more, and the refusal is remembered for <see cref="IsHealthy"/>.
/// </remarks>
internal sealed class UdpOutput : IOutput
{
    /// <summary>The largest payload of a UDP datagram over IPv4.</summary>
    public const int MaxDatagram = 65_507;

    /// <summary>How long a refusal makes the collector unhealthy at least.</summary>
    public static readonly TimeSpan RefusalHold = TimeSpan.FromSeconds(5);

    /// <summary>How long a probe's refusal may take to come.</summary>
    public static readonly TimeSpan ProbeWait = TimeSpan.FromSeconds(1);

    // As many octets or packets as are worth one go.
    private const int BatchBytes = 64 * 1024;
    private const int BatchPackets = 64;

    private static readonly TimeSpan _lookUpInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _noBufferWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _drainStep = TimeSpan.FromMilliseconds(5);

    private readonly CollectorAddress _address;
    private readonly PacketRing _ring;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _worker;
    private DatagramSocket? _socket;
    private PacketBlock? _current;
    private bool _workerSends;
    private bool _retried;
    private bool _lookUpAgain;
    private int _pending;
    private int _pendingBytes;
    private long _refusals;
    private long _refusedAt;
    private bool _refused;
    private long _probedAt;
    private long _lookedUpAt;
    private bool _unreachable;

    public UdpOutput(CollectorAddress address, int ringBytes, OutputCounters counters, ILogger logger, TimeProvider time)
    {
        _address = address;
        _ring = new PacketRing(ringBytes);
        _logger = logger;
        _time = time;
        Counters = counters;
        Name = $"udp {address}";
        if (address.Literal is { } endPoint)
        {
            TryConnect(endPoint);
        }

        _workerSends = _socket is null;
        _worker = Task.Run(() => WorkAsync(_stop.Token));
        _wake.Set();
    }

    public string Name { get; }

    public OutputCounters Counters { get; }

    /// <summary>How often the collector's host has refused (ICMP port unreachable).</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Whether there is a way to the collector, and no refusal of late.</summary>
    public bool IsHealthy
    {
        get
        {
            lock (_gate)
            {
                return _socket is not null && !_refused;
            }
        }
    }

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        Counters.AddOffered();
        if (packet.Length > MaxDatagram)
        {
            Counters.AddDropped(DropReason.TooLarge);
            return;
        }

        Counters.AddQueued(1);
        RingAnswer answer = _ring.TryAppend(packet, kind);
        if (answer != RingAnswer.Taken)
        {
            Drop(1, answer == RingAnswer.BackPressure ? DropReason.BackPressure : _socket is null ? DropReason.Unreachable : DropReason.RingFull);
            return;
        }

        _pendingBytes += packet.Length;
        if (++_pending >= BatchPackets || _pendingBytes >= BatchBytes)
        {
            Flush();
        }
    }

    public void Flush()
    {
        _pending = 0;
        _pendingBytes = 0;
        lock (_gate)
        {
            if (!_workerSends && !SendQueued())
            {
                _workerSends = true;
                _wake.Set();
            }
        }
    }

    /// <summary>
    /// Tries with a copy of a packet that goes elsewhere whether a collector that has refused still does: at most one each
    /// <see cref="RefusalHold"/>, counted as resent.
    /// </summary>
    public void Probe(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (!_refused || _socket is null)
            {
                return;
            }

            if (_probedAt == 0)
            {
                if (_time.GetElapsedTime(_refusedAt) > RefusalHold)
                {
                    // An answer to an earlier packet would stop this one.
                    _socket.TakeError();
                    if (_socket.Send(packet, out _).Count == 1)
                    {
                        Counters.AddResent();
                        _probedAt = _time.GetTimestamp();
                    }
                }
            }
            else if (_socket.TakeError() != SocketError.Success)
            {
                _probedAt = 0;
                NoteRefusal();
            }
            else if (_time.GetElapsedTime(_probedAt) > ProbeWait)
            {
                Accepted();
            }
        }
    }

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        Flush();
        while (!_ring.IsEmpty && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(_drainStep, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _wake.Set();
        await _worker;
        lock (_gate)
        {
            _workerSends = true;
            _socket?.Dispose();
            _socket = null;
            while (_current is not null || (_current = _ring.Take()) is not null)
            {
                Drop(_current.RestPackets, DropReason.Shutdown);
                _ring.Advance(_current, _current.RestPackets, _current.Rest.Length);
                ReleaseCurrent();
            }
        }

        _stop.Dispose();
    }

    /// <summary>Sends what it can; false if the worker has to go on. Under the gate.</summary>
    private bool SendQueued()
    {
        while (_current is not null || (_current = _ring.Take()) is not null)
        {
            (int count, int bytes) = _socket!.Send(_current.Rest.Span, out SocketError error);
            if (count > 0)
            {
                Sent(count, bytes);
            }

            if (_current.IsDone)
            {
                ReleaseCurrent();
                continue;
            }

            switch (error)
            {
                case SocketError.Success or SocketError.Interrupted:
                    break;
                case SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable:
                    return false;
                case SocketError.ConnectionRefused:
                    NoteRefusal();
                    RetryOnce(DropReason.Refused);
                    break;
                case SocketError.MessageSize:
                    DropFirst(DropReason.TooLarge);
                    break;
                case SocketError.NetworkDown or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.HostUnreachable:
                    if (_retried)
                    {
                        Unreachable(error);
                        return false;
                    }

                    _retried = true;
                    break;
                default:
                    RetryOnce(DropReason.SendError);
                    break;
            }
        }

        return true;
    }

    private void Sent(int count, int bytes)
    {
        _ring.Advance(_current!, count, bytes);
        Counters.AddQueued(-count);
        Counters.AddSent(count, bytes);
        _retried = false;
        if (_refused && _time.GetElapsedTime(_refusedAt) > RefusalHold)
        {
            Accepted();
        }
    }

    private void Accepted()
    {
        _refused = false;
        _probedAt = 0;
        Log.UdpAccepted(_logger, Name, Refusals);
    }

    private void NoteRefusal()
    {
        Interlocked.Increment(ref _refusals);
        _refusedAt = _time.GetTimestamp();
        if (!_refused)
        {
            _refused = true;
            Log.UdpRefused(_logger, Name);
        }

        if (_address.Literal is null && _time.GetElapsedTime(_lookedUpAt, _refusedAt) > _lookUpInterval)
        {
            _lookedUpAt = _refusedAt;
            _lookUpAgain = true;
            _wake.Set();
        }
    }

    private void RetryOnce(DropReason reason)
    {
        if (_retried)
        {
            DropFirst(reason);
        }

        _retried = !_retried;
    }

    private void DropFirst(DropReason reason)
    {
        _ring.Advance(_current!, 1, PacketBlock.PacketLength(_current!.Rest.Span));
        Drop(1, reason);
        if (_current.IsDone)
        {
            ReleaseCurrent();
        }
    }

    private void Drop(int packets, DropReason reason)
    {
        Counters.AddQueued(-packets);
        Counters.AddDropped(reason, packets);
    }

    private void ReleaseCurrent()
    {
        _ring.Release(_current!);
        _current = null;
    }

    private void Unreachable(SocketError error)
    {
        _retried = false;
        _socket?.Dispose();
        _socket = null;
        SayUnreachable(new SocketException((int)error));
    }

    private void SayUnreachable(SocketException reason)
    {
        if (!_unreachable)
        {
            _unreachable = true;
            Log.UdpUnreachable(_logger, Name, reason.Message);
        }
    }

    private bool TryConnect(EndPoint endPoint)
    {
        try
        {
            DatagramSocket socket = new(endPoint);
            lock (_gate)
            {
                _socket?.Dispose();
                _socket = socket;
                _unreachable = false;
            }

            return true;
        }
        catch (SocketException e)
        {
            SayUnreachable(e);
            return false;
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        BackOff backOff = new(Random.Shared);
        while (!cancellationToken.IsCancellationRequested)
        {
            await _wake.WaitAsync();
            try
            {
                while (Volatile.Read(ref _workerSends))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (_socket is not null)
                    {
                        await PushAsync(cancellationToken);
                    }
                    else if (await ConnectAsync(cancellationToken))
                    {
                        backOff.Reset();
                    }
                    else
                    {
                        await Task.Delay(backOff.Next(), _time, cancellationToken);
                    }
                }

                if (_lookUpAgain)
                {
                    _lookUpAgain = false;
                    await LookUpAgainAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Sends what waits, at the kernel's pace.</summary>
    private async Task PushAsync(CancellationToken cancellationToken)
    {
        DatagramSocket socket;
        ReadOnlyMemory<byte> packet;
        lock (_gate)
        {
            _ring.NextEpoch();
            if (SendQueued())
            {
                _workerSends = false;
                return;
            }

            if (_socket is null)
            {
                return;
            }

            socket = _socket;
            packet = _current!.Rest;
            packet = packet[..PacketBlock.PacketLength(packet.Span)];
        }

        try
        {
            await socket.SendWaitingAsync(packet, cancellationToken);
            lock (_gate)
            {
                Sent(1, packet.Length);
                if (_current.IsDone)
                {
                    ReleaseCurrent();
                }
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            lock (_gate)
            {
                NoteRefusal();
                RetryOnce(DropReason.Refused);
            }
        }
        catch (SocketException)
        {
            // Mostly no buffer space, for which a socket can't wait. Other errors come again in SendQueued, and are dealt with there.
            await Task.Delay(_noBufferWait, _time, cancellationToken);
        }
    }

    private async Task<bool> ConnectAsync(CancellationToken cancellationToken)
    {
        foreach (EndPoint endPoint in await LookUpAsync(cancellationToken))
        {
            if (TryConnect(endPoint))
            {
                Log.UdpReady(_logger, Name, endPoint.ToString() ?? "");
                return true;
            }
        }

        return false;
    }

    /// <summary>A collector that refuses may have moved: its name is looked up again, and the socket follows it.</summary>
    private async Task LookUpAgainAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<EndPoint> endPoints = await LookUpAsync(cancellationToken);
        if (endPoints.Count > 0 && _socket is { } socket && !endPoints.Contains(socket.EndPoint) && TryConnect(endPoints[0]))
        {
            Log.UdpReady(_logger, Name, endPoints[0].ToString() ?? "");
        }
    }

    private async Task<IReadOnlyList<EndPoint>> LookUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _address.ResolveAsync(cancellationToken);
        }
        catch (SocketException e)
        {
            SayUnreachable(e);
            return [];
        }
    }
}
