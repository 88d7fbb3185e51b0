using System.Buffers.Binary;
using HepBridge.Hep;

namespace HepBridge.Collector.Printing;

/// <summary>Explains in one sentence why bytes are not a HEP3 packet, and what to do if that is known.</summary>
internal static class MalformedText
{
    private const int PreambleLength = 6;
    private const int ChunkHeaderLength = 6;

    private static readonly (string Name, int Length)[] _fixedChunks =
    [
        ("", 0), ("address family", 1), ("protocol", 1), ("IPv4 source", 4), ("IPv4 destination", 4), ("IPv6 source", 16), ("IPv6 destination", 16),
        ("source port", 2), ("destination port", 2), ("seconds", 4), ("microseconds", 4), ("payload type", 1), ("capture id", 4),
    ];

    /// <summary>The sentence, without any of the peer's bytes.</summary>
    public static string Explain(HepReject reason, ReadOnlySpan<byte> bytes) => reason switch
    {
        _ when bytes.IsEmpty => "an empty datagram, such as 'hepbridge check' sends",
        HepReject.NotHep => Protocol(bytes) ?? "no \"HEP3\" at the start",
        HepReject.Truncated when bytes.Length >= PreambleLength => $"the packet's total length is {TotalLength(bytes)}, but only {bytes.Length} bytes arrived",
        HepReject.Truncated => "the packet is truncated",
        HepReject.BadTotalLength => $"the packet's total length is {TotalLength(bytes)}, less than the {PreambleLength} bytes that state it",
        HepReject.BadChunkLength => BadChunk(bytes) ?? "a chunk is shorter than its header or reaches past the packet's end",
        HepReject.BadFixedSize => BadChunk(bytes) ?? "a chunk has the wrong size",
        HepReject.NoPayloadType => "no payload type (chunk 0x000b) is given, so no collector would store it",
        _ => "unknown reason",
    };

    private static string? Protocol(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [1, 16, ..] => "this is HEP 1; send HEP 3 (mod_sofia: 'hep=3' in capture-server)",
        [2, 16, ..] => "this is HEP 2; send HEP 3 (mod_sofia: 'hep=3' in capture-server)",
        [0x16, 3, <= 4, ..] => "this is TLS; send plain HEP 3, or terminate TLS in front of this port, for example with stunnel",
        [8, < 16, 16, ..] => "this looks like heplify's protobuf; set it to HEP 3",
        [_, _, _, _, 0x21, 0x12, 0xa4, 0x42, ..] => "this is STUN",
        _ when bytes.IndexOfAnyExcept("\r\n\0"u8) < 0 => "this is a keep-alive of line breaks, not a packet",
        _ when FirstLine(bytes).IndexOf("HTTP/"u8) >= 0 => "this is HTTP; send HEP 3 over TCP or UDP",
        _ when FirstLine(bytes).IndexOf("SIP/2.0"u8) >= 0 => "this is SIP itself; send it in HEP 3",
        _ => null,
    };

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        return end < 0 ? bytes : bytes[..end];
    }

    private static int TotalLength(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);

    // The first chunk that the decoder rejects.
    private static string? BadChunk(ReadOnlySpan<byte> bytes)
    {
        int end = Math.Min(bytes.Length, TotalLength(bytes));
        int at = PreambleLength;
        while (at < end)
        {
            if (end - at < ChunkHeaderLength)
            {
                return $"{end - at} bytes follow the last chunk, too few for another";
            }

            int vendor = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            int type = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 4)..]);
            string name = $"chunk 0x{type:x4}{(vendor == 0 ? "" : $" of vendor {vendor}")} at byte {at}";
            if (length < ChunkHeaderLength)
            {
                return $"{name} has the length {length}, less than its header's {ChunkHeaderLength} bytes";
            }

            if (at + length > end)
            {
                return $"{name} has the length {length} and reaches {at + length - end} bytes past the packet's end";
            }

            int size = length - ChunkHeaderLength;
            if (vendor == 0 && type < _fixedChunks.Length && type > 0 && size != _fixedChunks[type].Length && !(type == HepChunk.CaptureId && size == 2))
            {
                return $"{name} ({_fixedChunks[type].Name}) has {size} bytes instead of {_fixedChunks[type].Length}";
            }

            at += length;
        }

        return null;
    }
}
