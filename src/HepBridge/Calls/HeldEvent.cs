namespace HepBridge.Calls;

/// <summary>An event that waits for its leg's Call-ID: a snapshot, and the input that it came by.</summary>
internal sealed class HeldEvent
{
    /// <summary>Rented; <see cref="Length"/> bytes of it count.</summary>
    public byte[] Snapshot { get; set; } = [];

    public int Length { get; set; }

    /// <summary>It is a ready payload, no event.</summary>
    public bool IsPayload { get; set; }

    /// <summary>Whose report options it goes by.</summary>
    public object Input { get; set; } = null!;

    public Leg Leg { get; set; } = null!;

    /// <summary>Whether its input is trusted.</summary>
    public bool IsTrusted { get; set; }

    /// <summary>Our monotonic clock when it came, in milliseconds.</summary>
    public long HeldSinceMilliseconds { get; set; }

    internal HeldEvent? NextOfLeg { get; set; }

    internal HeldEvent? Older { get; set; }

    internal HeldEvent? Newer { get; set; }
}
