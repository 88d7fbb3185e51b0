namespace HepBridge.Calls;

/// <summary>A snapshot held until its leg's Call-ID is known.</summary>
internal abstract class HeldEvent : Aged
{
    /// <summary>Rented; only the first <see cref="Length"/> bytes are valid.</summary>
    public byte[] Snapshot { get; set; } = [];

    public int Length { get; set; }

    public Leg Leg { get; set; } = null!;

    /// <summary>Whether its input is trusted.</summary>
    public bool IsTrusted { get; set; }

    /// <summary>Our monotonic clock when it was held, in milliseconds.</summary>
    public long HeldSinceMilliseconds { get; set; }

    internal HeldEvent? NextOfLeg { get; set; }
}

/// <summary>A held snapshot and the data stored with it.</summary>
internal sealed class HeldEvent<T> : HeldEvent
{
    public T Kept { get; set; } = default!;
}
