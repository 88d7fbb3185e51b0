using System.Buffers.Binary;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// The psk encryption of mod_event_multicast: Blowfish in CBC mode, the psk's bytes as the key, PKCS#5 padding.
/// Computes the key schedule once. One instance serves one thread at a time.
/// </summary>
public sealed class PskCipher
{
    /// <summary>The longest psk in bytes: Blowfish's limit, and what OpenSSL in FreeSWITCH uses.</summary>
    public const int MaxKeyLength = Blowfish.MaxKeyLength;

    /// <summary>The cipher's block, in bytes.</summary>
    public const int BlockLength = Blowfish.BlockLength;

    // Padding (1 to 8 bytes) and trailer (21) take at most 29 bytes, so they are in the last four blocks.
    private const int TailLength = 4 * BlockLength;
    private const int HeadLength = 8 * BlockLength;

    // The shortest cipher text contains only trailer and padding.
    private const int ShortestCipherText = 3 * BlockLength;

    private readonly Blowfish _blowfish;
    private readonly byte[] _sample = new byte[HeadLength];

    /// <summary>Computes the key schedule for a psk.</summary>
    /// <exception cref="ArgumentException">The psk is empty or longer than <see cref="MaxKeyLength"/>.</exception>
    public PskCipher(ReadOnlySpan<byte> psk)
    {
        if (!Accepts(psk))
        {
            throw new ArgumentException($"a psk has 1 to {MaxKeyLength} bytes, this one has {psk.Length}", nameof(psk));
        }

        _blowfish = new Blowfish(psk);
    }

    /// <summary>Whether a psk has 1 to <see cref="MaxKeyLength"/> bytes.</summary>
    public static bool Accepts(ReadOnlySpan<byte> psk) => psk.Length is >= 1 and <= MaxKeyLength;

    /// <summary>Length of the cipher text for a plaintext length: at least one byte of padding, whole blocks.</summary>
    public static int EncryptedLength(int length) => (length / BlockLength * BlockLength) + BlockLength;

    /// <summary>Decrypts in place everything after a datagram's prefix, and finds the event in it.</summary>
    internal DatagramReject Decrypt(byte[] buffer, int offset, int length, out int eventLength)
    {
        eventLength = 0;
        int start = offset + MulticastDatagram.PrefixLength;
        int count = length - MulticastDatagram.PrefixLength;
        if (count < ShortestCipherText)
        {
            return DatagramReject.Truncated;
        }

        if (count % BlockLength != 0)
        {
            return DatagramReject.BadBlockLength;
        }

        // The end first: it reveals a wrong psk before the rest is decrypted.
        ulong iv = Read(buffer, offset);
        int tail = Math.Min(TailLength, count);
        int tailStart = start + count - tail;
        _blowfish.Decrypt(buffer.AsSpan(tailStart, tail), tailStart == start ? iv : Read(buffer, tailStart - BlockLength), _sample.AsSpan(0, tail));
        int padding = Padding(_sample.AsSpan(0, tail));
        if (padding == 0 || !_sample.AsSpan(0, tail - padding).EndsWith(MulticastDatagram.Trailer))
        {
            int head = Math.Min(HeadLength, count);
            _blowfish.Decrypt(buffer.AsSpan(start, head), iv, _sample.AsSpan(0, head));
            return MulticastDatagram.LooksLikeEvent(_sample.AsSpan(0, head)) ? DatagramReject.Truncated : DatagramReject.WrongPsk;
        }

        eventLength = count - padding - MulticastDatagram.Trailer.Length;
        if (eventLength == 0)
        {
            return DatagramReject.Empty;
        }

        Span<byte> text = buffer.AsSpan(start, count);
        _blowfish.Decrypt(text, iv, text);
        return DatagramReject.None;
    }

    /// <summary>Pads and encrypts in place, and returns <see cref="EncryptedLength"/>, which the buffer must have room for.</summary>
    internal int Encrypt(byte[] buffer, int offset, int length, ReadOnlySpan<byte> iv)
    {
        int total = EncryptedLength(length);
        buffer.AsSpan(offset + length, total - length).Fill((byte)(total - length));
        _blowfish.Encrypt(buffer.AsSpan(offset, total), BinaryPrimitives.ReadUInt64BigEndian(iv));
        return total;
    }

    private static int Padding(ReadOnlySpan<byte> tail)
    {
        int padding = tail[^1];
        return padding is >= 1 and <= BlockLength && !tail[^padding..].ContainsAnyExcept((byte)padding) ? padding : 0;
    }

    private static ulong Read(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(offset));
}
