using System.Buffers.Binary;

namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// A stored event: a copy of its known headers and its body in one block of about 1 KB, which restores the event without parsing. SDPs are left
/// out because they are read on arrival. A CUSTOM event, and RTCP with more than one block, keep all headers.
/// </summary>
/// <remarks>
/// <code>
/// | kind 1 | encoding 1 | wrapping 1 | slots 1 | headers end 4 | body start 4 | body length 4 | slot … | bytes |
/// slot = | header 1 | raw JSON 1 | start 4 | length 4 |, positions in the bytes that follow
/// </code>
/// </remarks>
public static class EventSnapshot
{
    private const int FixedLength = 16;
    private const int SlotLength = 10;

    /// <summary>Size of this event's snapshot in bytes; <paramref name="keepAll"/> keeps all headers, not only those with a slot.</summary>
    public static int Measure(in FreeSwitchEvent e, bool keepAll = false)
    {
        bool whole = keepAll || KeepsAll(e);
        int bytes = whole ? e.Bytes.Length : 1 + e.BodySlot.Length;
        int slots = 0;
        for (int i = 1; i < e.Slots.Length; i++)
        {
            if (Keeps(e.Slots[i], (KnownHeader)i))
            {
                slots++;
                bytes += whole ? 0 : e.Slots[i].Length;
            }
        }

        return FixedLength + (slots * SlotLength) + bytes;
    }

    /// <summary>Writes the snapshot into exactly <see cref="Measure"/> bytes.</summary>
    public static void Write(in FreeSwitchEvent e, Span<byte> destination, bool keepAll = false)
    {
        bool whole = keepAll || KeepsAll(e);
        int count = 0;
        int at = FixedLength;
        for (int i = 1; i < e.Slots.Length; i++)
        {
            count += Keeps(e.Slots[i], (KnownHeader)i) ? 1 : 0;
        }

        Span<byte> bytes = destination[(FixedLength + (count * SlotLength))..];

        // Position 0 means "absent", so the first byte stays unused.
        int used = 1;
        for (int i = 1; i < e.Slots.Length; i++)
        {
            HeaderSlot slot = e.Slots[i];
            if (!Keeps(slot, (KnownHeader)i))
            {
                continue;
            }

            Span<byte> entry = destination.Slice(at, SlotLength);
            at += SlotLength;
            entry[0] = (byte)i;
            entry[1] = slot.IsRawJson ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteInt32LittleEndian(entry[2..], whole ? slot.Start : used);
            BinaryPrimitives.WriteInt32LittleEndian(entry[6..], slot.Length);
            if (!whole)
            {
                e.Bytes.Slice(slot.Start, slot.Length).CopyTo(bytes[used..]);
                used += slot.Length;
            }
        }

        HeaderSlot body = e.BodySlot;
        int bodyStart = body.Start;
        if (whole)
        {
            e.Bytes.CopyTo(bytes);
        }
        else if (bodyStart != 0)
        {
            e.Bytes.Slice(bodyStart, body.Length).CopyTo(bytes[used..]);
            bodyStart = used;
        }

        destination[0] = (byte)e.Kind;
        destination[1] = (byte)e.Encoding;
        destination[2] = e.Wrapping;
        destination[3] = (byte)count;
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], whole ? e.HeadersEnd : 0);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], bodyStart);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], body.Length);
    }

    /// <summary>Restores the event; it is valid while the snapshot is, and until the parser's next use.</summary>
    public static FreeSwitchEvent Read(ReadOnlySpan<byte> snapshot, EventParser parser)
    {
        ArgumentNullException.ThrowIfNull(parser);
        Span<HeaderSlot> slots = parser.ClearSlots();
        int count = snapshot[3];
        int at = FixedLength;
        for (int i = 0; i < count; i++, at += SlotLength)
        {
            ReadOnlySpan<byte> entry = snapshot.Slice(at, SlotLength);
            int start = BinaryPrimitives.ReadInt32LittleEndian(entry[2..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(entry[6..]);
            slots[entry[0]] = entry[1] == 0 ? HeaderSlot.At(start, length) : HeaderSlot.RawJsonAt(start, length);
        }

        int bodyStart = BinaryPrimitives.ReadInt32LittleEndian(snapshot[8..]);
        return parser.Restore(
            snapshot[at..],
            (EventKind)snapshot[0],
            (EventEncoding)snapshot[1],
            snapshot[2],
            BinaryPrimitives.ReadInt32LittleEndian(snapshot[4..]),
            bodyStart == 0 ? default : HeaderSlot.At(bodyStart, BinaryPrimitives.ReadInt32LittleEndian(snapshot[12..])));
    }

    private static bool KeepsAll(in FreeSwitchEvent e) =>
        e.Kind is EventKind.Other or (>= EventKind.Custom and < EventKind.Log) || e.Has(KnownHeader.Source1Ssrc);

    private static bool Keeps(HeaderSlot slot, KnownHeader header) =>
        slot.Start != 0 && header is not (KnownHeader.VariableSwitchRSdp or KnownHeader.VariableRtpLocalSdpStr);
}
