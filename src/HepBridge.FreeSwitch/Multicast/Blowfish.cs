using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Org.BouncyCastle.Crypto.Engines;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Blowfish in CBC mode (Schneier 1993), whole blocks only. Immutable, so thread-safe.</summary>
/// <remarks>
/// BouncyCastle supplies the cipher's constants. Its engine rejects keys over 56 bytes, which FreeSWITCH's OpenSSL accepts, and handles one block at
/// a time. In CBC decryption no block depends on the previous one's result, so this class decrypts four in parallel, in a third of the time.
/// </remarks>
internal sealed class Blowfish
{
    /// <summary>A block, in bytes.</summary>
    public const int BlockLength = 8;

    /// <summary>The longest key in bytes: one for each byte of the subkeys.</summary>
    public const int MaxKeyLength = 4 * Subkeys;

    private const int Subkeys = 18;
    private const int BoxLength = 256;
    private const int Stride = 4 * BlockLength;

    private readonly uint[] _subkeys = new uint[Subkeys];
    private readonly uint[] _boxes = new uint[4 * BoxLength];

    /// <summary>Computes the key schedule.</summary>
    /// <param name="key">1 to <see cref="MaxKeyLength"/> bytes; a shorter key is repeated.</param>
    public Blowfish(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key.Length, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxKeyLength, nameof(key));
        Constants.Subkeys(null).CopyTo(_subkeys, 0);
        Constants.Box0(null).CopyTo(_boxes, 0);
        Constants.Box1(null).CopyTo(_boxes, BoxLength);
        Constants.Box2(null).CopyTo(_boxes, 2 * BoxLength);
        Constants.Box3(null).CopyTo(_boxes, 3 * BoxLength);
        for (int i = 0; i < MaxKeyLength; i++)
        {
            _subkeys[i / 4] ^= (uint)key[i % key.Length] << (24 - (8 * (i % 4)));
        }

        ulong block = 0;
        foreach (uint[] table in (ReadOnlySpan<uint[]>)[_subkeys, _boxes])
        {
            for (int i = 0; i < table.Length; i += 2)
            {
                block = Encrypt(block);
                (table[i], table[i + 1]) = ((uint)(block >> 32), (uint)block);
            }
        }
    }

    /// <summary>Encrypts whole blocks in place.</summary>
    public void Encrypt(Span<byte> blocks, ulong iv)
    {
        ulong previous = iv;
        for (int at = 0; at < blocks.Length; at += BlockLength)
        {
            previous = Encrypt(BinaryPrimitives.ReadUInt64BigEndian(blocks[at..]) ^ previous);
            BinaryPrimitives.WriteUInt64BigEndian(blocks[at..], previous);
        }
    }

    /// <summary>Decrypts whole blocks to a destination as long as the source, which may be the same memory.</summary>
    public void Decrypt(ReadOnlySpan<byte> source, ulong iv, Span<byte> destination)
    {
        ulong previous = iv;
        int at = 0;
        for (; at <= source.Length - Stride; at += Stride)
        {
            ReadOnlySpan<byte> from = source.Slice(at, Stride);
            (ulong a, ulong b) = (BinaryPrimitives.ReadUInt64BigEndian(from), BinaryPrimitives.ReadUInt64BigEndian(from[8..]));
            (ulong c, ulong d) = (BinaryPrimitives.ReadUInt64BigEndian(from[16..]), BinaryPrimitives.ReadUInt64BigEndian(from[24..]));
            Span<byte> to = destination.Slice(at, Stride);
            Decrypt(a, b, c, d, previous, to);
            previous = d;
        }

        for (; at < source.Length; at += BlockLength)
        {
            ulong block = BinaryPrimitives.ReadUInt64BigEndian(source[at..]);
            BinaryPrimitives.WriteUInt64BigEndian(destination[at..], Decrypt(block) ^ previous);
            previous = block;
        }
    }

    private ulong Encrypt(ulong block)
    {
        ref uint boxes = ref MemoryMarshal.GetArrayDataReference(_boxes);
        uint[] subkeys = _subkeys;
        uint left = (uint)(block >> 32) ^ subkeys[0];
        uint right = (uint)block;
        for (int i = 1; i < Subkeys - 1; i += 2)
        {
            right ^= Mix(ref boxes, left) ^ subkeys[i];
            left ^= Mix(ref boxes, right) ^ subkeys[i + 1];
        }

        return ((ulong)(right ^ subkeys[Subkeys - 1]) << 32) | left;
    }

    private ulong Decrypt(ulong block)
    {
        ref uint boxes = ref MemoryMarshal.GetArrayDataReference(_boxes);
        uint[] subkeys = _subkeys;
        uint left = (uint)(block >> 32) ^ subkeys[Subkeys - 1];
        uint right = (uint)block;
        for (int i = Subkeys - 2; i > 0; i -= 2)
        {
            right ^= Mix(ref boxes, left) ^ subkeys[i];
            left ^= Mix(ref boxes, right) ^ subkeys[i - 1];
        }

        return ((ulong)(right ^ subkeys[0]) << 32) | left;
    }

    // The same for four blocks at once.
    private void Decrypt(ulong a, ulong b, ulong c, ulong d, ulong previous, Span<byte> destination)
    {
        ref uint boxes = ref MemoryMarshal.GetArrayDataReference(_boxes);
        uint[] subkeys = _subkeys;
        uint key = subkeys[Subkeys - 1];
        (uint leftA, uint leftB, uint leftC, uint leftD) = ((uint)(a >> 32) ^ key, (uint)(b >> 32) ^ key, (uint)(c >> 32) ^ key, (uint)(d >> 32) ^ key);
        (uint rightA, uint rightB, uint rightC, uint rightD) = ((uint)a, (uint)b, (uint)c, (uint)d);
        for (int i = Subkeys - 2; i > 0; i -= 2)
        {
            key = subkeys[i];
            rightA ^= Mix(ref boxes, leftA) ^ key;
            rightB ^= Mix(ref boxes, leftB) ^ key;
            rightC ^= Mix(ref boxes, leftC) ^ key;
            rightD ^= Mix(ref boxes, leftD) ^ key;
            key = subkeys[i - 1];
            leftA ^= Mix(ref boxes, rightA) ^ key;
            leftB ^= Mix(ref boxes, rightB) ^ key;
            leftC ^= Mix(ref boxes, rightC) ^ key;
            leftD ^= Mix(ref boxes, rightD) ^ key;
        }

        key = subkeys[0];
        BinaryPrimitives.WriteUInt64BigEndian(destination, (((ulong)(rightA ^ key) << 32) | leftA) ^ previous);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], (((ulong)(rightB ^ key) << 32) | leftB) ^ a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], (((ulong)(rightC ^ key) << 32) | leftC) ^ b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], (((ulong)(rightD ^ key) << 32) | leftD) ^ c);
    }

    // Each index is one byte and each box has 256 words, so no bounds checks are needed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(ref uint boxes, uint word) =>
        ((Unsafe.Add(ref boxes, word >> 24) + Unsafe.Add(ref boxes, BoxLength + (nuint)(byte)(word >> 16)))
            ^ Unsafe.Add(ref boxes, (2 * BoxLength) + (nuint)(byte)(word >> 8)))
        + Unsafe.Add(ref boxes, (3 * BoxLength) + (nuint)(byte)word);

    // The first digits of pi. The library does not expose them; tests notice if they move.
    private static class Constants
    {
        [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "KP")]
        public static extern ref uint[] Subkeys(BlowfishEngine? engine);

        [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "KS0")]
        public static extern ref uint[] Box0(BlowfishEngine? engine);

        [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "KS1")]
        public static extern ref uint[] Box1(BlowfishEngine? engine);

        [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "KS2")]
        public static extern ref uint[] Box2(BlowfishEngine? engine);

        [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "KS3")]
        public static extern ref uint[] Box3(BlowfishEngine? engine);
    }
}
