using System.Text.Json;

namespace HepBridge.Collector.Payloads;

/// <summary>An RTCP report in JSON (type 5): its sender, its time by the sender's clock, and how each stream is received.</summary>
/// <param name="PacketType">200 sender report, 201 receiver report; others unchanged.</param>
/// <param name="Ssrc">Decimal SSRC of the sender, as text.</param>
/// <param name="NtpMiddle">The middle 32 bits of the sender's NTP time, by which the other side refers to this report; null if there is none.</param>
/// <param name="Blocks">At most 31, as in RTCP (RFC 3550, 6.4.1).</param>
internal sealed record RtcpReport(int PacketType, string Ssrc, uint? NtpMiddle, IReadOnlyList<RtcpBlock> Blocks)
{
    private const int MaxBlocks = 31;

    public static bool TryParse(ReadOnlySpan<byte> payload, out RtcpReport report)
    {
        report = Json.Read(payload, Read)!;
        return report is not null;
    }

    private static RtcpReport Read(JsonElement root)
    {
        int type = (int)Math.Clamp(Json.Number(root, "type") ?? 0, 0, 255);
        uint? middle = null;
        if (type == 200 && Json.TryGet(root, "sender_information", out JsonElement sender)
            && Word(Json.Number(sender, "ntp_timestamp_sec")) is uint seconds && Word(Json.Number(sender, "ntp_timestamp_usec")) is uint fraction)
        {
            middle = (seconds << 16) | (fraction >> 16);
        }

        List<RtcpBlock> blocks = [];
        if (Json.TryGet(root, "report_blocks", out JsonElement array) && array.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement block in array.EnumerateArray().Take(MaxBlocks))
            {
                blocks.Add(new RtcpBlock(
                    Json.Text(block, "source_ssrc"),
                    Json.Number(block, "fraction_lost") is >= 0 and <= 255 and double lost ? lost / 256 * 100 : null,
                    Json.Number(block, "packets_lost"),
                    Json.Number(block, "ia_jitter") is >= 0 and <= uint.MaxValue and double jitter ? jitter : null,
                    Word(Json.Number(block, "lsr")),
                    Word(Json.Number(block, "dlsr"))));
            }
        }

        return new RtcpReport(type, Json.Text(root, "ssrc"), middle, blocks);
    }

    private static uint? Word(double? value) => value is >= 0 and <= uint.MaxValue ? (uint)value.Value : null;
}

/// <summary>How one stream is received.</summary>
/// <param name="SourceSsrc">Decimal SSRC of the stream, as text.</param>
/// <param name="LossPercent">Loss since the previous report, in percent.</param>
/// <param name="PacketsLost">As sent: all packets lost so far, or since the previous report, depending on the agent's configuration.</param>
/// <param name="Jitter">As sent: RTP clock units or milliseconds, depending on the agent's configuration.</param>
/// <param name="LastReport">Middle 32 bits of the NTP time of the last sender report received; 0: none yet.</param>
/// <param name="Delay">From its arrival to this report, in 1/65536 s.</param>
internal sealed record RtcpBlock(string SourceSsrc, double? LossPercent, double? PacketsLost, double? Jitter, uint? LastReport, uint? Delay);
