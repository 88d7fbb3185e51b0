using System.Net;
using System.Net.Sockets;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Udp;

/// <summary>
/// Sends packets as datagrams, directly from the caller of <see cref="Flush"/> while the kernel accepts them. The rest, and
/// all packets while the collector's name does not resolve, are queued in a ring for a worker.
/// </summary>
/// <remarks>
/// UDP gives little feedback: a packet counts as sent once the kernel has it. The only answer, ICMP "port unreachable", arrives as an error of a
/// later packet; that packet is retried once, and the refusal is remembered for <see cref="IsHealthy"/>.
/// </remarks>
internal sealed partial class UdpOutput : IOutput
{
    /// <summary>Largest UDP payload over IPv4.</summary>
    public const int MaxDatagram = 65_507;

    // Bytes or packets worth one send.
    private const int BatchBytes = 64 * 1024;
    private const int BatchPackets = 64;

    private static readonly TimeSpan _trimInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _drainStep = TimeSpan.FromMilliseconds(5);

    private readonly CollectorAddress _address;
    private readonly DatagramQueue _queue;
    private readonly RefusalTracker _refusals;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer? _lookUpTimer;
    private readonly ITimer _trimTimer;
    private readonly Supervised _work;
    private readonly Task _worker;
    private DatagramSocket? _socket;
    private bool _workerSends;
    private bool _unreachable;
    private bool _sayReady;
    private int _pending;
    private int _pendingBytes;

    public UdpOutput(CollectorAddress address, int ringBytes, OutputCounters counters, ILogger logger, TimeProvider time)
    {
        _address = address;
        _logger = logger;
        _time = time;
        Counters = counters;
        Name = $"udp {address}";
        _refusals = new RefusalTracker(Name, logger, time);
        _queue = new DatagramQueue(ringBytes, counters, _refusals);
        Rings = [_queue.Ring];
        if (address.Literal is { } endPoint)
        {
            TryConnect(endPoint);
        }
        else
        {
            _sayReady = true;
            _lookUpTimer = time.CreateTimer(_ => LookUpSoon(), null, LookUpInterval, LookUpInterval);
        }

        _trimTimer = time.CreateTimer(_ => _queue.Ring.Trim(), null, _trimInterval, _trimInterval);
        _workerSends = _socket is null;
        _work = new Supervised($"The output {Name}", WorkAsync, time, logger);
        _worker = Task.Run(() => _work.RunAsync(_stop.Token));
    }

    public string Name { get; }

    public OutputCounters Counters { get; }

    public PacketQueue[] Rings { get; }

    /// <summary>ICMP refusals (port unreachable) by the collector's host.</summary>
    public long Refusals => _refusals.Count;

    /// <summary>Whether the collector has an address and has not refused lately.</summary>
    public bool IsHealthy
    {
        get
        {
            lock (_gate)
            {
                return _socket is not null && !_refusals.IsRefused;
            }
        }
    }

    public OutputState State => new()
    {
        Collectors = 1,
        Reachable = IsHealthy && _work.Failure is null ? 1 : 0,
        Failures = Refusals,
        Problem = _work.Failure?.Reason,
        RingBytes = _queue.Ring.Bytes,
        RingCapacity = _queue.Ring.Capacity,
    };

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        Counters.AddOffered();
        if (packet.Length > MaxDatagram)
        {
            Counters.AddDropped(DropReason.TooLarge);
            return;
        }

        Counters.AddTaken(1);
        EnqueueResult answer = _queue.Ring.TryAppend(packet, kind);
        if (answer != EnqueueResult.Taken)
        {
            Counters.AddTaken(-1);
            Counters.AddDropped(answer == EnqueueResult.BackPressure ? DropReason.BackPressure : _socket is null ? DropReason.Unreachable : DropReason.RingFull);
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
        if (_pending > 0)
        {
            _pending = 0;
            _pendingBytes = 0;
            SendNow();
        }
    }

    /// <summary>
    /// Probes a refusing collector with a copy of a packet that goes elsewhere: at most one per <see cref="RefusalTracker.Hold"/>, counted as resent.
    /// </summary>
    public void Probe(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_socket is not null && _refusals.Probe(_socket, packet))
            {
                Counters.AddResent();
            }
        }
    }

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        SendNow();
        while (!_queue.Ring.IsEmpty && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(_drainStep, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_lookUpTimer is not null)
        {
            await _lookUpTimer.DisposeAsync();
        }

        await _trimTimer.DisposeAsync();
        _wake.Set();
        await _worker;
        lock (_gate)
        {
            _workerSends = true;
            _socket?.Dispose();
            _socket = null;
            _queue.DropAll(DropReason.Shutdown);
        }

        _stop.Dispose();
    }

    private void SendNow()
    {
        lock (_gate)
        {
            if (!_workerSends && !SendQueued())
            {
                _workerSends = true;
                _wake.Set();
            }
        }
    }

    /// <summary>Sends what it can; false if the worker has to continue. Requires the gate.</summary>
    private bool SendQueued()
    {
        long refusals = _refusals.Count;
        DatagramOutcome outcome = _queue.Send(_socket!, out SocketError error);
        if (_refusals.Count != refusals)
        {
            LookUpAfterRefusal();
        }

        if (outcome == DatagramOutcome.Unreachable)
        {
            _socket!.Dispose();
            _socket = null;
            SayUnreachable(new SocketException((int)error));
        }

        return outcome == DatagramOutcome.AllSent;
    }

    private void SayUnreachable(SocketException reason)
    {
        if (!_unreachable)
        {
            _unreachable = true;
            _sayReady = true;
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
            }

            return true;
        }
        catch (SocketException e)
        {
            SayUnreachable(e);
            return false;
        }
    }
}
