using HepBridge.Configuration.Values;
using HepBridge.Hep;

namespace HepBridge.Configuration.Tables;

/// <summary>The formats of quality and RTCP reports that one collector's pages expect (<c>flavour</c>).</summary>
internal sealed record Flavour(HepPayloadType QosType, RtcpLoss RtcpLoss, RtcpJitter RtcpJitter)
{
    public static ValueParser<Flavour> Kind { get; } = EnumValues.Of(
        "a flavour",
        ("reference", new Flavour(HepPayloadType.MosShort, RtcpLoss.Cumulative, RtcpJitter.Raw)),
        ("homer7", new Flavour(HepPayloadType.MosShort, RtcpLoss.Delta, RtcpJitter.Milliseconds)),
        ("homer11", new Flavour(HepPayloadType.MosShort, RtcpLoss.Cumulative, RtcpJitter.Milliseconds)),
        ("homer5", new Flavour(HepPayloadType.Report, RtcpLoss.Cumulative, RtcpJitter.Raw)));
}
