using System.Buffers.Binary;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.Tests.Outputs;

/// <summary>Creates and reads numbered HEP3 packets.</summary>
internal static class TestPackets
{
    /// <summary>A packet that contains its number, padded to about <paramref name="payloadBytes"/>.</summary>
    public static byte[] Make(int number, int payloadBytes = 100, string? callId = null, uint seconds = 1_763_000_000)
    {
        string text = $"#{number}#";
        HepPacket packet = new()
        {
            Source = HepAddress.FromIPv4(0x7f000001),
            Destination = HepAddress.FromIPv4(0x7f000001),
            Seconds = seconds,
            PayloadType = HepPayloadType.Log,
            CaptureId = 2001,
            CorrelationId = Encoding.ASCII.GetBytes(callId ?? $"call-{number % 7}@test"),
            Payload = Encoding.ASCII.GetBytes(text.PadRight(payloadBytes, '.')),
        };
        byte[] bytes = new byte[HepEncoder.HeaderLength(packet) + packet.Payload.Length];
        Assert.True(HepEncoder.TryEncode(packet, bytes, out int written));
        Assert.Equal(bytes.Length, written);
        return bytes;
    }

    /// <summary>A packet's number; fails on anything that is not a whole packet.</summary>
    public static int NumberOf(ReadOnlySpan<byte> packet)
    {
        Assert.True(packet.StartsWith("HEP3"u8), "not a packet's beginning");
        Assert.Equal(packet.Length, BinaryPrimitives.ReadUInt16BigEndian(packet[4..]));
        int end = packet.LastIndexOf((byte)'#');
        int start = packet[..end].LastIndexOf((byte)'#') + 1;
        return int.Parse(packet[start..end], System.Globalization.CultureInfo.InvariantCulture);
    }
}
