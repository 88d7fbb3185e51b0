using System.Buffers.Binary;
using HepBridge.Hep;

namespace HepBridge.Benchmarks.Outputs;

/// <summary>A packet of the size of a typical RTCP report, with a number in its last eight bytes.</summary>
internal static class LoadPacket
{
    public const int PayloadBytes = 400;

    public static byte[] Make()
    {
        HepPacket packet = new()
        {
            Source = HepAddress.FromIPv4(0x7f000001),
            Destination = HepAddress.FromIPv4(0x7f000001),
            Seconds = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            PayloadType = HepPayloadType.Log,
            CaptureId = 2001,
            CorrelationId = "3848276298220188511@load.example"u8,
            Payload = new byte[PayloadBytes],
        };
        byte[] bytes = new byte[HepEncoder.HeaderLength(packet) + PayloadBytes];
        return HepEncoder.TryEncode(packet, bytes, out int written) ? bytes[..written] : throw new InvalidOperationException("The packet is too large.");
    }

    public static void Number(byte[] packet, long number) => BinaryPrimitives.WriteInt64BigEndian(packet.AsSpan(packet.Length - 8), number);
}
