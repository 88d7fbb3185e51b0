namespace HepBridge.Collector.Receiving;

/// <summary>How a HEP packet came.</summary>
internal enum SenderTransport
{
    Udp,
    Tcp,

    /// <summary>It was read from a file.</summary>
    File,
}
