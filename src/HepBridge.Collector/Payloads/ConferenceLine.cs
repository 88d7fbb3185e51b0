using System.Text;

namespace HepBridge.Collector.Payloads;

/// <summary>A conference event in a type-100 packet: <c>conference::maintenance add-member; Conference-Name=… Conference-Unique-ID=…</c>.</summary>
internal static class ConferenceLine
{
    private const int MaxLine = 4096;

    /// <summary>Parses the conference's id, which all its members share.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out string conference)
    {
        ReadOnlySpan<byte> key = "Conference-Unique-ID="u8;
        ReadOnlySpan<byte> line = payload.Length > MaxLine ? payload[..MaxLine] : payload;
        int at = line.StartsWith("conference::"u8) ? line.IndexOf(key) : -1;
        ReadOnlySpan<byte> value = at < 0 ? default : line[(at + key.Length)..];
        int end = value.IndexOfAny(" ;\r\n"u8);
        conference = Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
        return conference.Length > 0;
    }
}
