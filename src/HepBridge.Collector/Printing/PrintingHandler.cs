using HepBridge.Collector.Receiving;
using HepBridge.Hep;

namespace HepBridge.Collector.Printing;

/// <summary>Prints packets, and malformed ones as a line on the error stream; counts both.</summary>
internal sealed class PrintingHandler(IPacketPrinter printer, TextWriter error) : IHepHandler
{
    private readonly SortedDictionary<HepPayloadType, long> _packets = [];
    private readonly SortedDictionary<HepReject, long> _malformed = [];

    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        _packets[packet.PayloadType] = _packets.GetValueOrDefault(packet.PayloadType) + 1;
        printer.Print(packet, bytes, sender);
    }

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        _malformed[reason] = _malformed.GetValueOrDefault(reason) + 1;
        string origin = sender.Transport == SenderTransport.File ? "in the file" : $"by {sender.Transport.ToString().ToUpperInvariant()} from {sender.EndPoint}";
        error.WriteLine($"malformed ({reason}): {bytes.Length} bytes {origin}: {MalformedText.Explain(reason, bytes)}");
    }

    /// <summary>One line: "3 packets (SIP 2, LOG 1), 1 malformed (Truncated 1)". Call after the last packet.</summary>
    public string Totals() =>
        Total(_packets.Select(p => (PayloadTypeName.Of(p.Key), p.Value)), "packet", "packets")
        + ", " + Total(_malformed.Select(m => (m.Key.ToString(), m.Value)), "malformed", "malformed");

    private static string Total(IEnumerable<(string Name, long Count)> counts, string one, string many)
    {
        // Types that share a name count together.
        (string Name, long Count)[] parts = [.. counts.GroupBy(c => c.Name, (name, group) => (name, group.Sum(c => c.Count)))];
        long sum = parts.Sum(p => p.Count);
        string details = string.Join(", ", parts.Select(p => $"{p.Name} {p.Count}"));
        string total = $"{sum} {(sum == 1 ? one : many)}";
        return details.Length == 0 ? total : $"{total} ({details})";
    }
}

/// <summary>An output format for packets.</summary>
internal interface IPacketPrinter
{
    void Print(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender);
}
