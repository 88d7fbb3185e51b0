using System.Text;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

public sealed class MulticastDatagramWriterTests
{
    private readonly byte[] _buffer = new byte[MulticastDatagram.MaxLength];

    [Fact]
    public void Plain_datagrams_match_FreeSWITCHs_byte_for_byte()
    {
        MulticastDatagramWriter writer = new("fs-alpha", null);
        foreach (byte[] datagram in MulticastCaptures.Datagrams("plain"))
        {
            byte[] plain = MulticastDatagramTests.Open(datagram, null, DatagramReject.None);
            Assert.True(writer.TryWrite(WithoutSender(plain), Guid.Empty, _buffer, out int written));
            Assert.Equal(datagram, _buffer[..written]);
            Assert.True(writer.TryWrite(plain, Guid.Empty, _buffer, out written));
            Assert.Equal(datagram, _buffer[..written]);
        }
    }

    [Fact]
    public void Encrypted_datagrams_match_FreeSWITCHs_byte_for_byte()
    {
        PskCipher cipher = new("hep-bridge-psk"u8);
        MulticastDatagramWriter writer = new("fs-alpha", cipher);
        foreach (byte[] datagram in MulticastCaptures.Datagrams("psk"))
        {
            Guid id = Guid.Parse(Encoding.ASCII.GetString(datagram, 0, 36));
            byte[] plain = MulticastDatagramTests.Open(datagram, cipher, DatagramReject.None);
            Assert.True(writer.TryWrite(WithoutSender(plain), id, _buffer, out int written));
            Assert.Equal(datagram, _buffer[..written]);
        }
    }

    [Fact]
    public void The_sender_is_added_before_the_blank_line_and_the_body_kept()
    {
        Assert.True(new MulticastDatagramWriter("node", null).TryWrite("A: 1\nContent-Length: 3\n\na\n\n"u8, default, _buffer, out int written));
        byte[] plain = MulticastDatagramTests.Open(_buffer[..written], null, DatagramReject.None);
        Assert.Equal("A: 1\nContent-Length: 3\nMulticast-Sender: node\n\na\n\n", Encoding.UTF8.GetString(plain));
    }

    [Fact]
    public void An_event_too_large_for_a_datagram_is_rejected()
    {
        byte[] plain = Encoding.ASCII.GetBytes($"A: {new string('x', 65_300)}\n\n");
        Assert.False(new MulticastDatagramWriter("", null).TryWrite(plain, default, _buffer, out int written));
        Assert.Equal(0, written);
        Assert.False(new MulticastDatagramWriter("", new PskCipher("abcd"u8)).TryWrite(plain, default, _buffer, out _));
        Assert.True(new MulticastDatagramWriter("", null).TryWrite(plain.AsSpan(200), default, _buffer, out _));
    }

    private static byte[] WithoutSender(byte[] plain) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(plain).Replace("Multicast-Sender: fs-alpha\n", "", StringComparison.Ordinal));
}
