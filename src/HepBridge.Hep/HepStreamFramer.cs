using System.Buffers.Binary;

namespace HepBridge.Hep;

/// <summary>Splits a TCP or TLS stream (or a file) into packets: each states its own length and follows the previous one without a separator.</summary>
public static class HepStreamFramer
{
    /// <summary>"HEP3" and the total length: the bytes needed to know a packet's length.</summary>
    public const int PreambleLength = 6;

    /// <summary>Examines the bytes received so far, starting at a packet's first byte. Stateless.</summary>
    /// <param name="received">The bytes; a buffer of <see cref="HepEncoder.MaxPacketLength"/> bytes holds any packet.</param>
    /// <param name="length">The packet's length in bytes as soon as it is known (also with <see cref="HepFrame.NeedMore"/>), else 0.</param>
    public static HepFrame Next(ReadOnlySpan<byte> received, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> magic = "HEP3"u8;
        int compared = Math.Min(received.Length, magic.Length);
        if (!received[..compared].SequenceEqual(magic[..compared]))
        {
            // Decided at the first wrong byte: a peer that speaks another protocol may never send six.
            return HepFrame.NotHep;
        }

        if (received.Length < PreambleLength)
        {
            return HepFrame.NeedMore;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(received[magic.Length..]);
        if (total < PreambleLength)
        {
            return HepFrame.BadLength;
        }

        length = total;
        return received.Length < total ? HepFrame.NeedMore : HepFrame.Packet;
    }
}

/// <summary>What <see cref="HepStreamFramer"/> found at the start of a stream's bytes.</summary>
public enum HepFrame
{
    /// <summary>The packet is incomplete.</summary>
    NeedMore = 0,

    /// <summary>A complete packet.</summary>
    Packet,

    /// <summary>The bytes do not start with "HEP3": the stream cannot be resynchronized.</summary>
    NotHep,

    /// <summary>The total length is less than 6: the stream cannot be resynchronized.</summary>
    BadLength,
}
