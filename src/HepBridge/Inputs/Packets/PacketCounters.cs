using HepBridge.FreeSwitch;
using HepBridge.Hep;

namespace HepBridge.Inputs.Packets;

/// <summary>Counts an input's packets: <c>Packets = passed or filtered by the pipeline + the sum of Rejected</c>. Thread-safe.</summary>
internal sealed class PacketCounters
{
    private readonly ReasonCounts<PacketReject> _rejected = new();
    private long _packets;
    private long _bytes;
    private long _filled;
    private long _kernelDrops;
    private long _connections;

    /// <summary>Datagrams, and packets received over TCP, including rejected ones.</summary>
    public long Packets => Interlocked.Read(ref _packets);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Packets whose zero addresses were filled in.</summary>
    public long Filled => Interlocked.Read(ref _filled);

    /// <summary>Datagrams dropped by the kernel, usually because the receive buffer was full.</summary>
    public long KernelDrops => Interlocked.Read(ref _kernelDrops);

    /// <summary>TCP connections open now.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    public long Rejected(PacketReject reason) => _rejected[reason];

    public IEnumerable<(PacketReject Reason, long Count)> RejectedReasons => _rejected.Counted;

    public void Received(int packets, long bytes)
    {
        Interlocked.Add(ref _packets, packets);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void Reject(PacketReject reason) => _rejected.Add(reason);

    public void FilledIn() => Interlocked.Increment(ref _filled);

    public void DroppedByKernel(long count) => Interlocked.Add(ref _kernelDrops, count);

    /// <summary>A connection opened (1) or closed (-1); returns how many are open now.</summary>
    public long Connection(int change) => Interlocked.Add(ref _connections, change);
}

/// <summary>Why a packet of another agent was rejected. The names are the values of the metric's <c>reason</c> label.</summary>
internal enum PacketReject
{
    /// <summary>The sender is not in <c>allowed_senders</c>.</summary>
    ForeignSender,

    /// <summary>HEP version 1 or 2.</summary>
    OldVersion,

    /// <summary>Not HEP at all.</summary>
    NotHep,

    /// <summary>The bytes end before the packet does.</summary>
    Truncated,

    /// <summary>The total length is impossible.</summary>
    BadTotalLength,

    /// <summary>A chunk's length is impossible.</summary>
    BadChunkLength,

    /// <summary>A chunk has a size other than the specification's.</summary>
    BadFixedSize,

    /// <summary>No payload type: some agents' keep-alive.</summary>
    NoPayloadType,

    /// <summary>A TCP connection over the limit.</summary>
    TooManyConnections,
}

/// <summary>Determines the reason, and gives advice.</summary>
internal static class PacketRejects
{
    public static PacketReject Of(HepReject reason, ReadOnlySpan<byte> bytes) => reason switch
    {
        HepReject.NotHep => IsOldVersion(bytes) ? PacketReject.OldVersion : PacketReject.NotHep,
        HepReject.Truncated => PacketReject.Truncated,
        HepReject.BadTotalLength => PacketReject.BadTotalLength,
        HepReject.BadChunkLength => PacketReject.BadChunkLength,
        HepReject.BadFixedSize => PacketReject.BadFixedSize,
        _ => PacketReject.NoPayloadType,
    };

    public static string Advice(PacketReject reason) => reason switch
    {
        PacketReject.ForeignSender => "its address is not in allowed_senders.",
        PacketReject.OldVersion => "it sends HEP version 1 or 2: in FreeSWITCH add ';hep=3' to capture-server; other agents have a similar setting.",
        PacketReject.NotHep => "it is not HEP: check for another program on this port.",
        PacketReject.NoPayloadType => "it has no payload type, so no collector stores it.",
        PacketReject.TooManyConnections => "the limit of TCP connections is reached: check for an agent that does not close its old ones.",
        _ => "the packet is damaged: check the agent, and the way to here for something that truncates datagrams.",
    };

    // Version and header length: 16 or 28 bytes with IPv4, 40 or 52 with IPv6.
    private static bool IsOldVersion(ReadOnlySpan<byte> bytes) => bytes is [1 or 2, >= 16 and <= 64, 2 or 10, ..];
}
