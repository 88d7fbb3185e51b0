using System.Globalization;
using HepBridge.Hep;

namespace HepBridge.Collector.Printing;

/// <summary>The usual name of a payload type.</summary>
internal static class PayloadTypeName
{
    /// <summary>A short name in capitals; "TYPE 77" for a number without one. The three types of quality reports are all "QOS".</summary>
    public static string Of(HepPayloadType type) => type switch
    {
        HepPayloadType.MosFull or HepPayloadType.MosShort or HepPayloadType.Report => "QOS",
        HepPayloadType.SipJson => "SIP JSON",
        HepPayloadType.DnsJson => "DNS",
        HepPayloadType.IsupJson => "ISUP",
        HepPayloadType.GsmMap => "GSM MAP",
        HepPayloadType.RtcpPion => "RTCP PION",
        _ when Enum.IsDefined(type) => type.ToString().ToUpperInvariant(),
        _ => string.Create(CultureInfo.InvariantCulture, $"TYPE {(byte)type}"),
    };
}
