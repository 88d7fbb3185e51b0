using System.Buffers.Binary;

namespace HepBridge.Hep;

/// <summary>
/// Finds the packets in a TCP or TLS stream (or a file): each states its own length, and they stand one behind the other with nothing between.
/// </summary>
public static class HepStreamFramer
{
    /// <summary>"HEP3" and the total length: what has to be there before a length is known.</summary>
    public const int PreambleLength = 6;

    /// <summary>Looks at the bytes received so far, from a packet's first byte on; keeps no state.</summary>
    /// <param name="received">The bytes; a buffer of <see cref="HepEncoder.MaxPacketLength"/> bytes holds any packet.</param>
    /// <param name="length">
    /// The packet's length in bytes, as soon as it is known (also with <see cref="HepFrame.NeedMore"/>), else 0.
    /// </param>
    public static HepFrame Next(ReadOnlySpan<byte> received, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> magic = "HEP3"u8;
        int compared = Math.Min(received.Length, magic.Length);
        if (!received[..compared].SequenceEqual(magic[..compared]))
        {
            // Said at the first wrong byte: a peer that speaks something else may never send a sixth.
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
