using System.Text.Json;

namespace HepBridge.Collector.Payloads;

/// <summary>A quality report in JSON (types 34, 35, 99) about one received stream; missing figures are null.</summary>
/// <param name="Mos">1–5.</param>
/// <param name="JitterMs">Mean jitter in milliseconds.</param>
/// <param name="MaxJitterMs">Largest jitter in milliseconds.</param>
/// <param name="Packets">Packets received.</param>
/// <param name="Lost">Packets lost.</param>
/// <param name="LossPercent">Packets lost, in percent of those expected.</param>
/// <param name="Codec">Name of the codec, or empty.</param>
internal sealed record QosReport(double? Mos, double? JitterMs, double? MaxJitterMs, double? Packets, double? Lost, double? LossPercent, string Codec)
{
    public static bool TryParse(ReadOnlySpan<byte> payload, out QosReport report)
    {
        report = Json.Read(payload, Read)!;
        return report is not null;
    }

    private static QosReport Read(JsonElement root)
    {
        double? mos = Json.Number(root, "MOS") ?? Json.Number(root, "MEAN_MOS");
        double? total = Json.Number(root, "TOTAL_PK");
        double? lost = Json.Number(root, "PACKET_LOSS");
        double? expected = Json.Number(root, "EXPECTED_PK") ?? (total + lost);
        string codec = Json.Text(root, "CODEC_NAME");
        return new QosReport(
            mos is >= 1 and <= 5 ? mos : null,
            Json.Number(root, "JITTER"),
            Json.Number(root, "MAX_JITTER"),
            total,
            lost,
            lost >= 0 && expected > 0 ? Math.Min(100, lost.Value / expected.Value * 100) : null,
            codec.Length > 32 ? codec[..32] : codec);
    }
}
