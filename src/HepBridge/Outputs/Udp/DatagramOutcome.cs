namespace HepBridge.Outputs.Udp;

/// <summary>Result of an attempt to send all queued packets.</summary>
internal enum DatagramOutcome
{
    AllSent,

    /// <summary>The kernel accepts no more for now.</summary>
    KernelFull,

    /// <summary>The collector is unreachable, twice in a row.</summary>
    Unreachable,
}
