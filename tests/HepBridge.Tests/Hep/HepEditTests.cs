using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;

namespace HepBridge.Tests.Hep;

public sealed class HepEditTests
{
    private readonly byte[] _buffer = new byte[HepEncoder.MaxPacketLength];

    [Fact]
    public void Nothing_set_changes_nothing()
    {
        foreach (byte[] packet in HepPackets.Sofia)
        {
            HepEdit edit = default;
            Assert.True(edit.IsEmpty);
            Assert.Equal(packet, Apply(edit, packet));
        }
    }

    [Fact]
    public void What_is_missing_goes_before_the_payload_and_what_is_there_is_replaced_in_its_place()
    {
        byte[] packet = HepPackets.Sofia[0];
        byte[] changed = Apply(new HepEdit { CaptureId = 5, AuthKey = "k"u8, CorrelationId = "a@b"u8, NodeName = "n"u8 }, packet);
        Assert.Equal([1, 2, 7, 8, 9, 10, 11, 12, 3, 4, 14, 17, 19, 15], Types(changed));
        Assert.True(HepDecoder.TryDecode(packet, out HepPacket before, out _));
        Assert.True(HepDecoder.TryDecode(changed, out HepPacket after, out _));
        Assert.Equal((5u, before.Source, before.Microseconds), (after.CaptureId, after.Source, after.Microseconds));
        Assert.True(after.AuthKey.SequenceEqual("k"u8) && after.CorrelationId.SequenceEqual("a@b"u8) && after.NodeName.SequenceEqual("n"u8));
        Assert.True(before.Payload.SequenceEqual(after.Payload));

        byte[] again = Apply(new HepEdit { CorrelationId = "another@b"u8 }, changed);
        Assert.Equal(Types(changed), Types(again));
        Assert.Equal(changed, Apply(new HepEdit { CorrelationId = "a@b"u8 }, again));
    }

    [Fact]
    public void Only_IPv6_addresses_that_are_zero_are_filled_in()
    {
        HepAddress given = HepAddress.FromBytes([.. Enumerable.Range(1, 16).Select(i => (byte)i)]);
        byte[] zero = new byte[500];
        Assert.True(HepEncoder.TryEncode(new HepPacket { Source = HepAddress.IPv6Any, Destination = given, PayloadType = HepPayloadType.Sip, Payload = "x"u8 }, zero, out int length));
        HepAddress other = HepAddress.FromBytes([.. Enumerable.Repeat((byte)9, 16)]);
        byte[] changed = Apply(new HepEdit { Source = other, Destination = other }, zero[..length]);
        Assert.True(HepDecoder.TryDecode(changed, out HepPacket packet, out _));
        Assert.Equal((other, given), (packet.Source, packet.Destination));
        Assert.Equal(HepPackets.Sofia[0], Apply(new HepEdit { Source = other, Destination = other }, HepPackets.Sofia[0]));
    }

    [Fact]
    public void A_packet_that_would_grow_too_long_or_is_damaged_is_not_changed()
    {
        byte[] large = new byte[HepEncoder.MaxPacketLength];
        byte[] payload = new byte[HepEncoder.MaxPacketLength - 200];
        Assert.True(HepEncoder.TryEncode(new HepPacket { PayloadType = HepPayloadType.Sip, Payload = payload }, large, out int length));
        Assert.False(new HepEdit { CorrelationId = new byte[300] }.TryApply(large.AsSpan(0, length), _buffer, out _));
        Assert.False(new HepEdit { CorrelationId = "a"u8 }.TryApply(HepPackets.Sofia[0].AsSpan(0, 40), _buffer, out _));
        Assert.False(new HepEdit { CorrelationId = "a"u8 }.TryApply([], _buffer, out _));
    }

    private static int[] Types(byte[] packet)
    {
        List<int> types = [];
        HepChunkReader chunks = new(packet);
        while (chunks.Read())
        {
            types.Add(chunks.Type);
        }

        Assert.Equal(HepReject.None, chunks.Reject);
        return [.. types];
    }

    private byte[] Apply(in HepEdit edit, byte[] packet)
    {
        Assert.True(edit.TryApply(packet, _buffer, out int length));
        return _buffer[..length];
    }
}
