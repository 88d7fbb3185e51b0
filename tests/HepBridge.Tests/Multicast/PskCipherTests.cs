using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

public sealed class PskCipherTests
{
    private static readonly List<byte[]> _encrypted = MulticastCaptures.Datagrams("psk");
    private static readonly List<byte[]> _decrypted = MulticastCaptures.Datagrams("psk.decrypted");

    [Fact]
    public void Captured_datagrams_decrypt_to_exactly_the_known_plaintext()
    {
        PskCipher cipher = new("hep-bridge-psk"u8);
        Assert.Equal(32, _encrypted.Count);
        Assert.Equal(_encrypted.Count, _decrypted.Count);
        for (int i = 0; i < _encrypted.Count; i++)
        {
            byte[] plain = MulticastDatagramTests.Open(_encrypted[i], cipher, DatagramReject.None);
            Assert.Equal(_decrypted[i][..^MulticastDatagram.Trailer.Length], plain);
        }
    }

    [Fact]
    public void Without_a_psk_an_encrypted_datagram_says_so() =>
        Assert.All(_encrypted, datagram => MulticastDatagramTests.Open(datagram, null, DatagramReject.EncryptedWithoutPsk));

    [Fact]
    public void Another_psk_is_detected() =>
        Assert.All(_encrypted, datagram => MulticastDatagramTests.Open(datagram, new PskCipher("hep-bridge-psK"u8), DatagramReject.WrongPsk));

    [Fact]
    public void Every_prefix_of_an_encrypted_datagram_is_rejected_with_a_reason()
    {
        PskCipher cipher = new("hep-bridge-psk"u8);
        byte[] datagram = _encrypted[0];
        for (int length = 1; length < datagram.Length; length++)
        {
            DatagramReject expected = length < 36 ? DatagramReject.NoTrailer
                : length < 256 + 24 || length % 8 == 0 ? DatagramReject.Truncated
                : DatagramReject.BadBlockLength;
            MulticastDatagramTests.Open(datagram[..length], cipher, expected);
        }
    }

    [Fact]
    public void A_rejected_datagram_is_left_unchanged()
    {
        byte[] datagram = [.. _encrypted[0]];
        MulticastDatagram.Open(datagram, 0, datagram.Length, new PskCipher("other"u8), out _, out _);
        Assert.Equal(_encrypted[0], datagram);
    }

    [Fact]
    public void Keys_of_1_to_72_bytes_are_accepted_and_every_byte_counts()
    {
        // The same keys every time: one wrong key in some thousands decrypts to something like the start of an event.
        Random random = new(72);
        byte[] plain = [.. "Event-Name: API\n\n"u8];
        for (int length = 1; length <= PskCipher.MaxKeyLength; length++)
        {
            byte[] psk = new byte[length];
            random.NextBytes(psk);
            byte[] datagram = Write(new PskCipher(psk), plain);
            MulticastDatagramTests.Open(datagram, new PskCipher(psk), DatagramReject.None);
            psk[^1] ^= 1;
            MulticastDatagramTests.Open(datagram, new PskCipher(psk), DatagramReject.WrongPsk);
        }
    }

    [Fact]
    public void A_short_key_equals_its_repetition()
    {
        byte[] datagram = Write(new PskCipher("ab"u8), "Event-Name: API\n\n"u8);
        MulticastDatagramTests.Open(datagram, new PskCipher("abababab"u8), DatagramReject.None);
        MulticastDatagramTests.Open(datagram, new PskCipher("ab"u8), DatagramReject.None);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(57, true)]
    [InlineData(72, true)]
    [InlineData(73, false)]
    public void A_psk_has_1_to_72_bytes(int length, bool expected)
    {
        byte[] psk = new byte[length];
        Assert.Equal(expected, PskCipher.Accepts(psk));
        Assert.Equal(expected, Record.Exception(() => new PskCipher(psk)) is null);
    }

    [Fact]
    public void Decrypting_allocates_nothing()
    {
        PskCipher cipher = new("hep-bridge-psk"u8);
        byte[] buffer = new byte[MulticastDatagram.MaxLength];
        Decrypt();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Decrypt();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Decrypt()
        {
            foreach (byte[] datagram in _encrypted)
            {
                datagram.CopyTo(buffer, 0);
                MulticastDatagram.Open(buffer, 0, datagram.Length, cipher, out _, out _);
            }
        }
    }

    private static byte[] Write(PskCipher cipher, ReadOnlySpan<byte> plain)
    {
        byte[] buffer = new byte[MulticastDatagram.MaxLength];
        Assert.True(new MulticastDatagramWriter("", cipher).TryWrite(plain, Guid.NewGuid(), buffer, out int written));
        return buffer[..written];
    }
}
