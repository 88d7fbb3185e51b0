using System.Text;
using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>One running FreeSWITCH, known by its Core-UUID: a switch that restarts is another one.</summary>
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

    /// <summary>The switch's name in UTF-8.</summary>
    public byte[] NameUtf8
    {
        get => _nameUtf8;
        set => (_nameUtf8, _name) = (value, null);
    }

    public HepAddress IPv4 { get; set; }

    public HepAddress IPv6 { get; set; }

    /// <summary>The switch's local time minus UTC, in minutes.</summary>
    public int UtcOffsetMinutes { get; set; }

    /// <summary>Whether <see cref="UtcOffsetMinutes"/> was ever learnt.</summary>
    public bool OffsetKnown { get; set; }

    /// <summary>The switch's clock minus ours at its last HEARTBEAT, in microseconds.</summary>
    public long ClockDifferenceMicroseconds { get; set; }

    /// <summary>Our monotonic clock when that difference was last warned of, in milliseconds; null: never.</summary>
    public long? ClockWarnedMilliseconds { get; set; }

    /// <summary>Events that came from it, whichever way.</summary>
    public long Events { get; set; }

    /// <summary>Our monotonic clock at its last event, in milliseconds.</summary>
    public long LastSeenMilliseconds { get; set; }

    /// <summary>Our monotonic clock at its last HEARTBEAT, in milliseconds; 0: none yet.</summary>
    public long LastHeartbeatMilliseconds { get; set; }

    /// <summary>Event-Date-Local as last seen, to the minute: while it stays, so does the offset.</summary>
    public ByteString LocalMinute;

    /// <summary>Its place among the switches that few events were seen of; null: it is past that.</summary>
    internal LinkedListNode<Switch>? Unconfirmed { get; set; }

    /// <summary>Its legs, linked by <see cref="Leg.NextOfSwitch"/>.</summary>
    internal Leg? FirstLeg { get; set; }
}
