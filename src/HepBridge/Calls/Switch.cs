using System.Text;
using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>One running FreeSWITCH, identified by its Core-UUID: after a restart it is a different switch.</summary>
internal sealed class Switch(byte[] coreUuid, int index)
{
    private string? _name;
    private byte[] _nameUtf8 = [];

    /// <summary>Core-UUID as received.</summary>
    public byte[] CoreUuid { get; } = coreUuid;

    /// <summary>Its number in this process, part of every leg's key.</summary>
    public int Index { get; } = index;

    /// <summary>FreeSWITCH-Switchname, else its hostname.</summary>
    public string Name => _name ??= Encoding.UTF8.GetString(_nameUtf8);

    public byte[] NameUtf8
    {
        get => _nameUtf8;
        set => (_nameUtf8, _name) = (value, null);
    }

    public HepAddress IPv4 { get; set; }

    public HepAddress IPv6 { get; set; }

    /// <summary>The switch's local time minus UTC, in minutes.</summary>
    public int UtcOffsetMinutes { get; set; }

    /// <summary>Whether <see cref="UtcOffsetMinutes"/> is known.</summary>
    public bool OffsetKnown { get; set; }

    /// <summary>The switch's clock minus ours at its last HEARTBEAT, in microseconds.</summary>
    public long ClockDifferenceMicroseconds { get; set; }

    /// <summary>Our monotonic clock at the last warning about it, in milliseconds; null: never.</summary>
    public long? ClockWarnedMilliseconds { get; set; }

    /// <summary>Events received from it, by any input.</summary>
    public long Events { get; set; }

    /// <summary>Our monotonic clock at its last event, in milliseconds.</summary>
    public long LastSeenMilliseconds { get; set; }

    /// <summary>Our monotonic clock at its last HEARTBEAT, in milliseconds; 0: none yet.</summary>
    public long LastHeartbeatMilliseconds { get; set; }

    /// <summary>The last Event-Date-Local, to the minute: while it does not change, neither does the offset.</summary>
    public ByteString LocalMinute;

    /// <summary>Its entry among the switches with few events; null once confirmed.</summary>
    internal LinkedListNode<Switch>? Unconfirmed { get; set; }

    /// <summary>Its legs, linked by <see cref="Leg.NextOfSwitch"/>.</summary>
    internal Leg? FirstLeg { get; set; }
}
