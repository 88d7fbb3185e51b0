using System.Buffers.Binary;
using HepBridge.Hep;

namespace HepBridge.Tests.Hep;

/// <summary>Packets shared by the wire format's tests.</summary>
internal static class HepExamples
{
    /// <summary>The example at the end of the HEP3 specification: 113 bytes, with an INVITE's first 14 as payload.</summary>
    public static byte[] Specification { get; } = Convert.FromHexString(
        "48455033" + "0071"
        + "00000001000702" + "00000002000711"
        + "00000003000ad4ca0001" + "00000004000a527400d3"
        + "0000000700082eea" + "00000008000813c4"
        + "00000009000a4e4982cb" + "0000000a000a0001d4c0"
        + "0000000b000701" + "0000000c000a000000e4"
        + "0000000f0014494e56495445207369703a626f62");

    /// <summary>A packet with every field that the encoder supports.</summary>
    public static HepPacket Full() => new()
    {
        Protocol = 6,
        Source = HepAddress.FromIPv4(0xc000020a),
        Destination = HepAddress.FromIPv4(0xc0000214),
        SourcePort = 5060,
        DestinationPort = 65535,
        Seconds = 4_294_967_295,
        Microseconds = 999_999,
        PayloadType = HepPayloadType.Log,
        CaptureId = 0xfedcba98,
        AuthKey = "the key"u8,
        CorrelationId = "a1b2@192.0.2.10"u8,
        NodeName = "edge-1"u8,
        Payload = "CREATE 1001 → 1002"u8,
    };

    /// <summary>A packet of arbitrary chunks with correct lengths, unless <paramref name="totalLength"/> is given.</summary>
    public static byte[] Packet(IEnumerable<byte[]> chunks, int? totalLength = null)
    {
        byte[] packet = [.. "HEP3"u8, 0, 0, .. chunks.SelectMany(c => c)];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(totalLength ?? packet.Length));
        return packet;
    }

    public static byte[] Chunk(ushort type, byte[] value, ushort vendor = 0, int? length = null)
    {
        byte[] chunk = [0, 0, 0, 0, 0, 0, .. value];
        BinaryPrimitives.WriteUInt16BigEndian(chunk, vendor);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(2), type);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(4), (ushort)(length ?? chunk.Length));
        return chunk;
    }
}
