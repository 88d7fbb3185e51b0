using System.Buffers.Binary;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.Fuzz.Corpora;

/// <summary>HEP3 packets: from mod_sofia, from a session in the viewer, and one with every chunk that the encoder supports.</summary>
internal static class HepPackets
{
    /// <summary>A session's packets, back to back.</summary>
    public static byte[] Session { get; } = RepositoryFiles.Capture("viewer-session.hep.gz");

    /// <summary>SIP packets from mod_sofia's capture, one per method and status, four of them over IPv6.</summary>
    public static IReadOnlyList<byte[]> Sofia { get; } = [.. ReadFrames("sofia-hep3.frames")];

    public static IReadOnlyList<byte[]> All { get; } = [.. Sofia, .. Split(Session).Where((_, index) => index % 7 == 0), Full(ipv6: false), Full(ipv6: true)];

    /// <summary>Several packets back to back in each.</summary>
    public static IReadOnlyList<byte[]> Streams { get; } =
        [.. All.Chunk(6).Select(packets => packets.SelectMany(packet => packet).ToArray()), Session[..Math.Min(Session.Length, 60_000)]];

    // Each frame: a 4-byte big-endian length, then the packet.
    private static IEnumerable<byte[]> ReadFrames(string name)
    {
        byte[] frames = RepositoryFiles.Capture(name);
        for (int at = 0; at < frames.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(frames.AsSpan(at));
            yield return frames[(at + 4)..(at + 4 + length)];
            at += 4 + length;
        }
    }

    /// <summary>The packets of a stream, up to the first that is incomplete.</summary>
    public static List<byte[]> Split(byte[] stream)
    {
        List<byte[]> packets = [];
        int at = 0;
        while (at < stream.Length && HepStreamFramer.Next(stream.AsSpan(at), out int length) == HepFrame.Packet)
        {
            packets.Add(stream[at..(at + length)]);
            at += length;
        }

        return packets;
    }

    public static byte[] Encode(in HepPacket packet)
    {
        byte[] bytes = new byte[HepEncoder.MaxPacketLength];
        return HepEncoder.TryEncode(packet, bytes, out int written) ? bytes[..written] : throw new ArgumentException("The packet is too long.", nameof(packet));
    }

    private static byte[] Full(bool ipv6)
    {
        HepPacket packet = new()
        {
            Protocol = 6,
            Source = ipv6 ? HepAddress.From(System.Net.IPAddress.Parse("2001:db8::10")) : HepAddress.FromIPv4(0xc000_020a),
            Destination = HepAddress.FromIPv4(0xc000_0214),
            SourcePort = 5060,
            DestinationPort = 65_535,
            Seconds = 1_795_316_112,
            Microseconds = 999_999,
            PayloadType = HepPayloadType.Log,
            CaptureId = 0xfedc_ba98,
            AuthKey = "the key"u8,
            CorrelationId = "a1b2@192.0.2.10"u8,
            NodeName = "edge-1"u8,
            Payload = Encoding.UTF8.GetBytes("CREATE 1001 → 1002; callid=a1b2@192.0.2.10 uuid=dabe7c4c-f448-47e2-9fde-10beb30a2cad seq=1"),
        };
        return Encode(packet);
    }
}
