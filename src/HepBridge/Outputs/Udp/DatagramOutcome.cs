namespace HepBridge.Outputs.Udp;

/// <summary>How an attempt to send all that waits has ended.</summary>
internal enum DatagramOutcome
{
    AllSent,

    /// <summary>The kernel takes no more for now.</summary>
    KernelFull,

    /// <summary>There is no way to the collector, twice in a row.</summary>
    Unreachable,
}
