namespace HepBridge.Calls;

/// <summary>A snapshot that waits for its leg's Call-ID.</summary>
internal abstract class HeldEvent : Aged
{
    /// <summary>Rented; the first <see cref="Length"/> bytes are used.</summary>
    public byte[] Snapshot { get; set; } = [];

    public int Length { get; set; }

    public Leg Leg { get; set; } = null!;

    /// <summary>Whether its input is trusted.</summary>
    public bool IsTrusted { get; set; }

    /// <summary>Our monotonic clock when it came, in milliseconds.</summary>
    public long HeldSinceMilliseconds { get; set; }

    internal HeldEvent? NextOfLeg { get; set; }
}

/// <summary>A held snapshot and the data stored with it.</summary>
internal sealed class HeldEvent<T> : HeldEvent
{
    public T Kept { get; set; } = default!;
}
