using System.Buffers;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// Finds the event in a received datagram. Plain: the event in plain serialization, a 21-byte trailer, any number of NULs.
/// With a psk: a 256-byte prefix (a UUID as text, then NULs; its first 8 characters are the IV), then the encrypted event and trailer.
/// </summary>
/// <remarks>Source: FreeSWITCH's mod_event_multicast.c, and datagrams captured from it.</remarks>
public static class MulticastDatagram
{
    /// <summary>Largest UDP payload over IPv4, in bytes.</summary>
    public const int MaxLength = 65_507;

    /// <summary>Length of what precedes the cipher text.</summary>
    public const int PrefixLength = 256;

    /// <summary>Length of the UUID at the start of the prefix.</summary>
    internal const int UuidLength = 36;

    private const int LongestHeaderName = 64;
    private static readonly SearchValues<byte> _nameBytes = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The bytes that end every event: "ℱŘƎӬŞЩЇŦϚĦ" in UTF-8.</summary>
    public static ReadOnlySpan<byte> Trailer =>
    [
        0xe2, 0x84, 0xb1, 0xc5, 0x98, 0xc6, 0x8e, 0xd3, 0xac, 0xc5, 0x9e, 0xd0, 0xa9, 0xd0, 0x87, 0xc5, 0xa6, 0xcf, 0x9a, 0xc4, 0xa6,
    ];

    /// <summary>Finds the event of a datagram; decrypts it in place if a cipher is given.</summary>
    /// <param name="buffer">Holds the datagram; its cipher text is overwritten.</param>
    /// <param name="offset">Where the datagram starts.</param>
    /// <param name="length">Its length.</param>
    /// <param name="cipher">Null accepts only plaintext; otherwise only what this cipher can decrypt is accepted.</param>
    /// <param name="eventOffset">Where the event starts: headers, a blank line, maybe a body.</param>
    /// <param name="eventLength">Its length.</param>
    /// <returns><see cref="DatagramReject.None"/>, or why there is no event.</returns>
    public static DatagramReject Open(byte[] buffer, int offset, int length, PskCipher? cipher, out int eventOffset, out int eventLength)
    {
        ReadOnlySpan<byte> datagram = buffer.AsSpan(offset, length);
        eventOffset = offset;
        eventLength = 0;
        if (length == 0)
        {
            return DatagramReject.Empty;
        }

        bool encrypted = HasPrefix(datagram);
        if (cipher is null)
        {
            return encrypted ? DatagramReject.EncryptedWithoutPsk : FindTrailer(datagram, out eventLength);
        }

        if (!encrypted)
        {
            DatagramReject plain = FindTrailer(datagram, out eventLength);
            eventLength = 0;
            return plain is DatagramReject.None or DatagramReject.Truncated ? DatagramReject.PlaintextWithPsk : plain;
        }

        DatagramReject reason = cipher.Decrypt(buffer, offset, length, out eventLength);
        eventOffset = reason == DatagramReject.None ? offset + PrefixLength : offset;
        return reason;
    }

    /// <summary>Finds the trailer of a plain event from the end, since NULs may follow it.</summary>
    internal static DatagramReject FindTrailer(ReadOnlySpan<byte> datagram, out int eventLength)
    {
        ReadOnlySpan<byte> bytes = datagram[..(datagram.LastIndexOfAnyExcept((byte)0) + 1)];
        if (!bytes.EndsWith(Trailer))
        {
            eventLength = 0;
            return LooksLikeEvent(datagram) ? DatagramReject.Truncated : DatagramReject.NoTrailer;
        }

        eventLength = bytes.Length - Trailer.Length;
        return eventLength == 0 ? DatagramReject.Empty : DatagramReject.None;
    }

    /// <summary>Whether this starts like an event: a header's name, a colon and a space.</summary>
    internal static bool LooksLikeEvent(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, LongestHeaderName)];
        int colon = start.IndexOf((byte)':');
        if (colon <= 0 || colon + 1 >= start.Length || start[colon + 1] != ' ')
        {
            return false;
        }

        return !start[..colon].ContainsAnyExcept(_nameBytes);
    }

    // Recognizes truncated encrypted datagrams, too: a shorter prefix counts if the UUID is complete.
    private static bool HasPrefix(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < UuidLength)
        {
            return false;
        }

        for (int i = 0; i < UuidLength; i++)
        {
            bool dash = i is 8 or 13 or 18 or 23;
            if (dash ? datagram[i] != '-' : !char.IsAsciiHexDigit((char)datagram[i]))
            {
                return false;
            }
        }

        return !datagram[UuidLength..Math.Min(datagram.Length, PrefixLength)].ContainsAnyExcept((byte)0);
    }
}

/// <summary>Why a datagram was rejected. The names are the values of the metric's <c>reason</c> label.</summary>
public enum DatagramReject : byte
{
    None,

    /// <summary>Empty, or nothing before the trailer.</summary>
    Empty,

    /// <summary>No trailer, and nothing that looks like an event: not from mod_event_multicast.</summary>
    NoTrailer,

    /// <summary>Starts like an event (after decryption, if there is a psk), but the end with the trailer is missing.</summary>
    Truncated,

    /// <summary>Encrypted, and no psk is configured here.</summary>
    EncryptedWithoutPsk,

    /// <summary>Not encrypted, and a psk is configured here: rejected, as mod_event_multicast does.</summary>
    PlaintextWithPsk,

    /// <summary>Wrong padding or trailer after decryption: the sender has another psk.</summary>
    WrongPsk,

    /// <summary>The encrypted part is not a whole number of cipher blocks.</summary>
    BadBlockLength,

    /// <summary>The source address is not in <c>allowed_senders</c>.</summary>
    ForeignSender,
}
