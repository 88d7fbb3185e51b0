using HepBridge.FreeSwitch;

namespace HepBridge.Outputs;

/// <summary>Why a packet was dropped. The names are the values of the metric's <c>reason</c> label.</summary>
internal enum DropReason
{
    /// <summary>The ring is full.</summary>
    RingFull,

    /// <summary>RTCP above 75 % of the ring.</summary>
    BackPressure,

    /// <summary>Too large for the transport.</summary>
    TooLarge,

    /// <summary>The collector's port is closed (ICMP), also on the retry.</summary>
    Refused,

    /// <summary>The collector's name does not resolve, or there is no route.</summary>
    Unreachable,

    /// <summary>The kernel rejected the packet for another reason.</summary>
    SendError,

    /// <summary>The spool or its disk is full.</summary>
    SpoolFull,

    /// <summary>Older than <c>max_age</c> when read from the spool.</summary>
    SpoolExpired,

    /// <summary>Torn or unreadable in the spool.</summary>
    SpoolTorn,

    /// <summary>Still queued when the time to stop was over.</summary>
    Shutdown,
}

/// <summary>Counts an output's packets: <c>offered + recovered = sent + dropped + queued + spooled</c> between any two calls.</summary>
internal sealed class OutputCounters
{
    private readonly ReasonCounts<DropReason> _dropped = new();
    private long _offered;
    private long _recovered;
    private long _sent;
    private long _sentBytes;
    private long _resent;
    private long _taken;
    private long _left;
    private long _spooled;

    public long Offered => Volatile.Read(ref _offered);

    /// <summary>Packets found in the spool of an earlier process.</summary>
    public long Recovered => Volatile.Read(ref _recovered);

    /// <summary>Packets handed to the kernel, each counted once.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>Packets handed to the kernel again.</summary>
    public long Resent => Volatile.Read(ref _resent);

    /// <summary>Packets currently in memory.</summary>
    public long Queued
    {
        get
        {
            // Read in this order: what left was added before, so the result is never negative.
            long left = Volatile.Read(ref _left);
            return Volatile.Read(ref _taken) - left;
        }
    }

    /// <summary>Packets currently on disk.</summary>
    public long Spooled => Volatile.Read(ref _spooled);

    /// <summary>Packets dropped, for all reasons.</summary>
    public long DroppedTotal => _dropped.Total;

    /// <summary>The reasons for which packets were dropped.</summary>
    public IEnumerable<(DropReason Reason, long Count)> DroppedReasons => _dropped.Counted;

    public long Dropped(DropReason reason) => _dropped[reason];

    /// <summary>Counts an offered packet. For one thread at a time, which the pipeline's lock ensures: a plain write on the hot path.</summary>
    public void AddOffered() => Volatile.Write(ref _offered, _offered + 1);

    /// <summary>Counts offered packets that are now in memory. For one thread at a time, as <see cref="AddOffered"/>.</summary>
    public void AddTaken(int packets) => Volatile.Write(ref _taken, _taken + packets);

    public void AddRecovered(long packets = 1) => Interlocked.Add(ref _recovered, packets);

    public void AddSent(long packets, long bytes)
    {
        Interlocked.Add(ref _sent, packets);
        Interlocked.Add(ref _sentBytes, bytes);
    }

    public void AddResent(long packets = 1) => Interlocked.Add(ref _resent, packets);

    /// <summary>Counts packets in memory that were sent, dropped or written to disk.</summary>
    public void AddLeft(long packets) => Interlocked.Add(ref _left, packets);

    public void AddSpooled(long packets) => Interlocked.Add(ref _spooled, packets);

    public void AddDropped(DropReason reason, long packets = 1) => _dropped.Add(reason, packets);
}
