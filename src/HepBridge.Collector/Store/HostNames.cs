using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>Names the hosts of a packet.</summary>
internal static class HostNames
{
    /// <summary>The address as text; empty if the packet has none, or 0.0.0.0 or ::, which agents send for an unknown address.</summary>
    public static string Of(HepAddress address) => address.IsUnspecified ? string.Empty : address.ToString();
}
