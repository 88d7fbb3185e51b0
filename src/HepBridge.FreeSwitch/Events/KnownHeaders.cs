using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace HepBridge.FreeSwitch.Events;

/// <summary>Finds a header's slot by name: one multiplication, one table look-up, one case-insensitive comparison.</summary>
public static class KnownHeaders
{
    // In the order of KnownHeader, spelled as in FreeSWITCH (switch_event.c, switch_channel.c, switch_rtp.c, sofia_reg.c); without channel variables.
    private static readonly string[] _plain =
    [
        "",
        "Event-Name", "Event-Subclass", "Core-UUID",
        "FreeSWITCH-Hostname", "FreeSWITCH-Switchname", "FreeSWITCH-IPv4", "FreeSWITCH-IPv6",
        "Event-Date-Local", "Event-Date-GMT", "Event-Date-Timestamp",
        "Event-Calling-Function", "Event-Sequence", "Event-Info", "Content-Length", "Multicast-Sender", "FreeSWITCH-Version",
        "Unique-ID", "Channel-State", "Channel-Call-State", "Channel-Name", "Call-Direction", "Channel-Call-UUID", "Channel-Presence-ID",
        "Answer-State", "Hangup-Cause", "Channel-Read-Codec-Name", "Channel-Read-Codec-Rate", "Channel-Write-Codec-Name", "Channel-Write-Codec-Rate",
        "Caller-Direction", "Caller-Username",
        "Caller-Caller-ID-Name", "Caller-Caller-ID-Number", "Caller-Callee-ID-Name", "Caller-Callee-ID-Number",
        "Caller-Network-Addr", "Caller-ANI", "Caller-Destination-Number", "Caller-Context", "Caller-Source",
        "Caller-Channel-Created-Time", "Caller-Channel-Progress-Time", "Caller-Channel-Progress-Media-Time",
        "Caller-Channel-Answered-Time", "Caller-Channel-Bridged-Time", "Caller-Channel-Hangup-Time",
        "Other-Type", "Other-Leg-Unique-ID", "Other-Leg-Caller-ID-Number", "Other-Leg-Destination-Number", "Other-Leg-Channel-Name",
        "Bridge-A-Unique-ID", "Bridge-B-Unique-ID", "DTMF-Digit", "DTMF-Duration", "DTMF-Source",
        "Application", "Application-Data", "Application-UUID", "Application-Response", "Bridged-To",
        "SSRC", "NTP-Most-Significant-Word", "NTP-Least-Significant-Word",
        "RTP-Timestamp", "Sender-Packet-Count", "Octect-Packet-Count", "Last-RTP-Timestamp", "RTP-Rate", "Capture-Time",
        "Source-SSRC", "Source-Fraction", "Source-Lost", "Source-Highest-Sequence-Number-Received", "Source-Jitter", "Source-LSR", "Source-DLSR",
        "Source0-SSRC", "Source0-Fraction", "Source0-Lost", "Source0-Loss-Avg", "Source0-Highest-Sequence-Number-Received",
        "Source0-Jitter", "Source0-LSR", "Source0-DLSR", "Rtt0-Avg", "Source1-SSRC",
        "call-id", "from-user", "from-host", "to-user", "to-host",
        "contact", "network-ip", "network-port", "expires", "user-agent", "status",
        "profile-name", "username", "realm", "registration-type", "rpid", "from", "login", "proto", "presence-source",
        "Action", "Conference-Name", "Conference-Unique-ID", "Member-ID",
        "CC-Action", "CC-Queue", "CC-Agent", "CC-Member-UUID", "FIFO-Action", "FIFO-Name",
        "Log-Level", "Log-File", "Log-Func", "Log-Line", "User-Data", "Text-Channel",
    ];

    /// <summary>All names, in the order of <see cref="KnownHeader"/>. A channel variable has its member's name in snake case.</summary>
    internal static string[] Names { get; } = [.. _plain, .. Enum.GetNames<KnownHeader>().Skip(_plain.Length).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>
    /// The table behind <see cref="Find"/>, for loops: in native code, each access to a static field checks whether its class is initialized.
    /// </summary>
    internal static KnownHeaderTable Table { get; } = new(Names);

    /// <summary>Number of slots, including <see cref="KnownHeader.None"/>.</summary>
    public static int Count => Names.Length;

    public static ReadOnlySpan<byte> NameOf(KnownHeader header) => Table.NameOf(header);

    public static KnownHeader Find(ReadOnlySpan<byte> name) => Table.Find(name);
}

/// <summary>The known names behind a perfect hash: one multiplication and one look-up, then one case-insensitive comparison.</summary>
internal sealed class KnownHeaderTable
{
    private const int TableBits = 12;
    private const int ShortestName = 4;
    private const int MostMultipliers = 10_000;

    // All names back to back, with the start and length of each; that of KnownHeader.None is empty and equals no name.
    private readonly byte[] _text;
    private readonly (ushort Start, ushort Length)[] _places;
    private readonly byte[] _table = new byte[1 << TableBits];
    private readonly ulong _multiplier;

    public KnownHeaderTable(string[] names)
    {
        _text = Encoding.ASCII.GetBytes(string.Concat(names));
        _places = new (ushort Start, ushort Length)[names.Length];
        int start = 0;
        for (int i = 0; i < names.Length; i++)
        {
            _places[i] = ((ushort)start, (ushort)names[i].Length);
            start += names[i].Length;
        }

        _multiplier = FindMultiplier(names);
        for (int i = 1; i < _places.Length; i++)
        {
            _table[Slot(Mix(NameOf((KnownHeader)i)), _multiplier)] = (byte)i;
        }
    }

    /// <summary>The header's name as FreeSWITCH writes it.</summary>
    public ReadOnlySpan<byte> NameOf(KnownHeader header) => _text.AsSpan(_places[(int)header].Start, _places[(int)header].Length);

    /// <summary>A hash of a name of four bytes or more, ignoring case.</summary>
    public static uint Hash(ReadOnlySpan<byte> name) => (uint)((Mix(name) * 0x9e37_79b9_7f4a_7c15) >> 32);

    /// <summary>The slot of a name, ignoring case; <see cref="KnownHeader.None"/> if it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KnownHeader Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < ShortestName)
        {
            return KnownHeader.None;
        }

        // Slot has as many bits as the table, and the table contains only known headers.
        byte candidate = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_table), Slot(Mix(name), _multiplier));
        (ushort start, ushort length) = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_places), (nuint)candidate);
        return name.Length == length && IsSame(name, ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_text), (nuint)start))
            ? (KnownHeader)candidate
            : KnownHeader.None;
    }

    // Fast path for FreeSWITCH's own spelling, which all but hand-made headers have: compares whole words, the last one overlapping.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSame(ReadOnlySpan<byte> name, ref byte known)
    {
        ref byte left = ref MemoryMarshal.GetReference(name);
        int length = name.Length;
        ulong difference;
        if (length < 8)
        {
            difference = (Unsafe.ReadUnaligned<uint>(ref left) ^ Unsafe.ReadUnaligned<uint>(ref known))
                | (Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref left, length - 4)) ^ Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref known, length - 4)));
        }
        else
        {
            difference = Difference(ref left, ref known, length - 8);
            for (int at = 0; at < length - 8; at += 8)
            {
                difference |= Difference(ref left, ref known, at);
            }
        }

        return difference == 0 || Ascii.EqualsIgnoreCase(name, MemoryMarshal.CreateReadOnlySpan(ref known, length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Difference(ref byte left, ref byte right, nint at) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref left, at)) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref right, at));

    /// <summary>
    /// Hashes the length, the last 16 bytes and eight from the middle, where "rtp_audio" and "rtp_video" differ. Bit
    /// 0x20 is set everywhere to ignore case; other characters may collide, too, so the final comparison decides.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ReadOnlySpan<byte> name)
    {
        const ulong Fold = 0x2020_2020_2020_2020;
        ref byte first = ref MemoryMarshal.GetReference(name);
        int length = name.Length;
        if (length < 8)
        {
            uint head = Unsafe.ReadUnaligned<uint>(ref first);
            uint tail = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, length - 4));
            return ((((ulong)head << 32) | tail) | Fold) + (ulong)length;
        }

        ulong last = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, length - 8)) | Fold;
        if (length < 17)
        {
            ulong start = Unsafe.ReadUnaligned<ulong>(ref first) | Fold;
            return last + (start * 0x9e37_79b9_7f4a_7c15) + (ulong)length;
        }

        ulong middle = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, 9)) | Fold;
        ulong beforeLast = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, length - 16)) | Fold;
        return last + (middle * 0xc2b2_ae3d_27d4_eb4f) + (beforeLast * 0x1656_67b1_9e37_79f9) + (ulong)length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Slot(ulong mixed, ulong multiplier) => (nuint)((mixed * multiplier) >> (64 - TableBits));

    // Finds a multiplier without collisions among the known names: at start, after some hundred candidates.
    internal static ulong FindMultiplier(ReadOnlySpan<string> names)
    {
        ulong candidate = 0x9e37_79b9_7f4a_7c15;
        ulong[] mixed = new ulong[names.Length];
        for (int i = 1; i < mixed.Length; i++)
        {
            mixed[i] = Mix(Encoding.ASCII.GetBytes(names[i]));
        }

        int[] seen = new int[1 << TableBits];
        (int First, int Second) pair = default;
        for (int round = 0; round < MostMultipliers; round++)
        {
            Array.Clear(seen);
            pair = default;
            for (int i = 1; i < mixed.Length && pair == default; i++)
            {
                ref int owner = ref seen[Slot(mixed[i], candidate)];
                pair = owner == 0 ? default : (owner, i);
                owner = i;
            }

            if (pair == default)
            {
                return candidate;
            }

            candidate = (candidate * 0xd134_2543_de82_ef95) | 1;
        }

        throw new InvalidOperationException(
            $"The headers {names[pair.First]} and {names[pair.Second]} share a slot under every multiplier: Mix must tell them apart.");
    }
}
