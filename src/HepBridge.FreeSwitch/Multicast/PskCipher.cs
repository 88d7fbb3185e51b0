using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// The psk of mod_event_multicast: Blowfish in CBC mode, the psk's bytes as the key, PKCS#5 padding. The key schedule runs once, in the constructor.
/// One instance serves one thread at a time.
/// </summary>
/// <remarks>Only what Portable.BouncyCastle and BouncyCastle.Cryptography have in common is used: the engine, one block at a time; chaining is done here.</remarks>
public sealed class PskCipher
{
    /// <summary>The longest key that Blowfish can use (and FreeSWITCH's OpenSSL does): 18 words.</summary>
    public const int MaxKeyLength = 72;

    /// <summary>The cipher's block, in bytes.</summary>
    public const int BlockLength = 8;

    private const int ShortestSafeKey = 4;
    private const int LongestSafeKey = 56;

    // Padding (1 to 8 bytes) and trailer (21) take at most 29 bytes, so they are in the last four blocks.
    private const int TailLength = 4 * BlockLength;
    private const int HeadLength = 8 * BlockLength;

    // The shortest cipher text contains nothing but trailer and padding.
    private const int ShortestCipherText = 3 * BlockLength;

    private readonly BlowfishEngine _decryption = new();
    private readonly BlowfishEngine _encryption = new();
    private readonly byte[] _sample = new byte[HeadLength];

    /// <summary>Makes the key schedules for a psk.</summary>
    /// <exception cref="ArgumentException">The psk is empty, longer than <see cref="MaxKeyLength"/>, or refused by this release of BouncyCastle.</exception>
    public PskCipher(ReadOnlySpan<byte> psk)
    {
        if (psk.IsEmpty || psk.Length > MaxKeyLength)
        {
            throw new ArgumentException($"a psk has 1 to {MaxKeyLength} bytes, this one has {psk.Length}", nameof(psk));
        }

        byte[] key = Expand(psk);
        try
        {
            KeyParameter parameter = new(key);
            _decryption.Init(false, parameter);
            _encryption.Init(true, parameter);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Checks whether a psk is usable.</summary>
    public static PskCheck Check(ReadOnlySpan<byte> psk) => psk.Length switch
    {
        0 => PskCheck.Empty,
        > MaxKeyLength => PskCheck.TooLong,
        < ShortestSafeKey or > LongestSafeKey => PskCheck.Unusual,
        _ => PskCheck.Good,
    };

    /// <summary>Length of the cipher text for a plaintext length: at least one byte of padding, whole blocks.</summary>
    public static int EncryptedLength(int length) => (length / BlockLength * BlockLength) + BlockLength;

    /// <summary>Decrypts in place what follows a datagram's prefix, and finds the event in it.</summary>
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

        // The end first: it reveals a wrong psk before the whole is decrypted.
        ulong iv = Read(buffer, offset);
        int tail = Math.Min(TailLength, count);
        int tailStart = start + count - tail;
        Decrypt(buffer, tailStart, tail, tailStart == start ? iv : Read(buffer, tailStart - BlockLength), _sample, 0);
        int padding = Padding(_sample.AsSpan(0, tail));
        if (padding == 0 || !_sample.AsSpan(0, tail - padding).EndsWith(MulticastDatagram.Trailer))
        {
            int head = Math.Min(HeadLength, count);
            Decrypt(buffer, start, head, iv, _sample, 0);
            return MulticastDatagram.LooksLikeEvent(_sample.AsSpan(0, head)) ? DatagramReject.Truncated : DatagramReject.WrongPsk;
        }

        eventLength = count - padding - MulticastDatagram.Trailer.Length;
        if (eventLength == 0)
        {
            return DatagramReject.Empty;
        }

        Decrypt(buffer, start, count, iv, buffer, start);
        return DatagramReject.None;
    }

    /// <summary>Pads and encrypts in place, and returns <see cref="EncryptedLength"/>, which the buffer must have room for.</summary>
    internal int Encrypt(byte[] buffer, int offset, int length, ReadOnlySpan<byte> iv)
    {
        int total = EncryptedLength(length);
        buffer.AsSpan(offset + length, total - length).Fill((byte)(total - length));
        ulong previous = BinaryPrimitives.ReadUInt64LittleEndian(iv);
        for (int i = offset; i < offset + total; i += BlockLength)
        {
            Write(buffer, i, Read(buffer, i) ^ previous);
            _encryption.ProcessBlock(buffer, i, buffer, i);
            previous = Read(buffer, i);
        }

        return total;
    }

    // Source and destination may overlap: each block is read before it is written.
    private void Decrypt(byte[] source, int sourceOffset, int count, ulong previous, byte[] destination, int destinationOffset)
    {
        for (int i = 0; i < count; i += BlockLength)
        {
            ulong block = Read(source, sourceOffset + i);
            _decryption.ProcessBlock(source, sourceOffset + i, destination, destinationOffset + i);
            Write(destination, destinationOffset + i, Read(destination, destinationOffset + i) ^ previous);
            previous = block;
        }
    }

    private static int Padding(ReadOnlySpan<byte> tail)
    {
        int padding = tail[^1];
        return padding is >= 1 and <= BlockLength && !tail[^padding..].ContainsAnyExcept((byte)padding) ? padding : 0;
    }

    // Blowfish repeats its key, so a repeated short key is the same key; newer releases of BouncyCastle want at least four bytes.
    private static byte[] Expand(ReadOnlySpan<byte> psk)
    {
        int times = psk.Length < ShortestSafeKey ? ShortestSafeKey : 1;
        byte[] key = new byte[psk.Length * times];
        for (int i = 0; i < times; i++)
        {
            psk.CopyTo(key.AsSpan(i * psk.Length));
        }

        return key;
    }

    private static ulong Read(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(offset));

    private static void Write(byte[] bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
}
