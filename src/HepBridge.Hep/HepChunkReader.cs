using System.Buffers.Binary;

namespace HepBridge.Hep;

/// <summary>Enumerates the chunks of one packet in wire order, vendor and unknown types included, without allocation.</summary>
/// <remarks>
/// <code>
/// HepChunkReader chunks = new(packet);
/// while (chunks.Read()) { … chunks.Vendor, chunks.Type, chunks.Value … }
/// if (chunks.Reject != HepReject.None) { … }
/// </code>
/// </remarks>
public ref struct HepChunkReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first chunk.</summary>
    /// <param name="packet">A packet from its "HEP3" on. Octets after its total length are ignored.</param>
    public HepChunkReader(ReadOnlySpan<byte> packet)
    {
        Reject = CheckPreamble(packet, out int length);
        if (Reject == HepReject.None)
        {
            _rest = packet[HepStreamFramer.PreambleLength..length];
        }
    }

    /// <summary>Why enumeration stopped early; <see cref="HepReject.None"/> so far, or at the regular end.</summary>
    public HepReject Reject { readonly get; private set; }

    /// <summary>Vendor of the chunk just read: 0 for the generic chunks of <see cref="HepChunk"/>.</summary>
    public ushort Vendor { readonly get; private set; }

    /// <summary>Type of the chunk just read, within its vendor's numbers.</summary>
    public ushort Type { readonly get; private set; }

    /// <summary>Value of the chunk just read, without its header.</summary>
    public ReadOnlySpan<byte> Value { readonly get; private set; }

    /// <summary>Advances to the next chunk; false at the end or on an error (<see cref="Reject"/>).</summary>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        int length = _rest.Length < HepEncoder.ChunkHeaderLength ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_rest[4..]);
        if (length < HepEncoder.ChunkHeaderLength || length > _rest.Length)
        {
            Reject = HepReject.BadChunkLength;
            _rest = default;
            return false;
        }

        Vendor = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        Type = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        Value = _rest[HepEncoder.ChunkHeaderLength..length];
        _rest = _rest[length..];
        return true;
    }

    /// <summary>Finds the value of the first generic chunk of a type; false if there is none before the end or before an invalid chunk.</summary>
    /// <param name="packet">A packet from its "HEP3" on.</param>
    /// <param name="type">One of <see cref="HepChunk"/>.</param>
    /// <param name="value">Its value, without the chunk's header.</param>
    public static bool TryFind(ReadOnlySpan<byte> packet, ushort type, out ReadOnlySpan<byte> value)
    {
        HepChunkReader chunks = new(packet);
        while (chunks.Read())
        {
            if (chunks.Vendor == 0 && chunks.Type == type)
            {
                value = chunks.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    private static HepReject CheckPreamble(ReadOnlySpan<byte> packet, out int length) => HepStreamFramer.Next(packet, out length) switch
    {
        HepFrame.Packet => HepReject.None,
        HepFrame.NeedMore => HepReject.Truncated,
        HepFrame.BadLength => HepReject.BadTotalLength,
        _ => HepReject.NotHep,
    };
}
