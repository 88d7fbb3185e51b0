namespace HepBridge.Listening;

/// <summary>How a HEP packet came.</summary>
internal enum HepTransport
{
    Udp,
    Tcp,

    /// <summary>It was read from a file.</summary>
    File,
}
