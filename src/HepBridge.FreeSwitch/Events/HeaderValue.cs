using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace HepBridge.FreeSwitch.Events;

/// <summary>How a value is encoded.</summary>
public enum ValueEncoding : byte
{
    /// <summary>Not encoded.</summary>
    Literal,

    /// <summary>URL-encoded (switch_url_encode); an empty value is written <c>_undef_</c>.</summary>
    Url,

    /// <summary>The content of a JSON string; an event re-fired as JSON has <c>_undef_</c> here, too.</summary>
    JsonString,

    /// <summary>JSON other than a string; an array reads as FreeSWITCH's <c>ARRAY::a|:b</c>.</summary>
    RawJson,
}

/// <summary>One header's value as received, decoded on demand.</summary>
public readonly ref struct HeaderValue
{
    private readonly ValueEncoding _encoding;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public HeaderValue(ReadOnlySpan<byte> raw, ValueEncoding encoding)
    {
        _encoding = encoding;
        IsPresent = true;
        Raw = encoding is ValueEncoding.Url or ValueEncoding.JsonString && raw.SequenceEqual("_undef_"u8) ? default : raw;
    }

    /// <summary>Whether the event has this header.</summary>
    public bool IsPresent { get; }

    /// <summary>The bytes as received; empty if absent, empty or <c>_undef_</c>.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Whether it is absent or empty.</summary>
    public bool IsEmpty => Raw.IsEmpty;

    /// <summary>An upper bound of the decoded length in bytes.</summary>
    /// <remarks>An array's brackets become <c>ARRAY::</c>, and each of its commas <c>|:</c>.</remarks>
    public int MaxDecodedLength => _encoding == ValueEncoding.RawJson ? (Raw.Length * 2) + 8 : Raw.Length;

    /// <summary>Whether <see cref="Raw"/> already is the decoded value.</summary>
    public bool IsVerbatim => _encoding switch
    {
        ValueEncoding.Literal => true,
        ValueEncoding.Url => !Raw.Contains((byte)'%'),
        ValueEncoding.JsonString => !Raw.Contains((byte)'\\'),
        _ => false,
    };

    /// <summary>Writes the decoded value; false if the destination is too short.</summary>
    public bool TryDecode(Span<byte> destination, out int written) => _encoding switch
    {
        ValueEncoding.Url => UrlDecoder.TryDecode(Raw, destination, out written),
        ValueEncoding.JsonString => JsonText.TryUnescape(Raw, destination, out written),
        ValueEncoding.RawJson => JsonText.TryDecodeRaw(Raw, destination, out written),
        _ => TryCopy(Raw, destination, out written),
    };

    /// <summary>
    /// The decoded value: <see cref="Raw"/> if nothing is encoded, else written to <paramref name="scratch"/>. Either way truncated to the scratch's size.
    /// </summary>
    public ReadOnlySpan<byte> Decode(Span<byte> scratch)
    {
        if (IsVerbatim)
        {
            return Raw.Length <= scratch.Length ? Raw : Raw[..scratch.Length];
        }

        TryDecode(scratch, out int written);
        return scratch[..written];
    }

    /// <summary>Whether the decoded value has at most this many bytes, up to <see cref="EventLimits.MaxCallId"/>.</summary>
    internal bool IsWithin(int limit)
    {
        Span<byte> scratch = stackalloc byte[EventLimits.MaxCallId];
        return TryDecode(scratch[..limit], out _);
    }

    /// <summary>
    /// The value as an identifier: decoded like <see cref="Decode"/>, always valid UTF-8 without control bytes. A URL-encoded value that would decode to
    /// anything else stays encoded; other invalid bytes become <c>%XX</c>.
    /// </summary>
    public ReadOnlySpan<byte> DecodeId(Span<byte> scratch)
    {
        ReadOnlySpan<byte> decoded = Decode(scratch);
        if (IdText.IsClean(decoded))
        {
            return decoded;
        }

        ReadOnlySpan<byte> kept = _encoding == ValueEncoding.Url ? Raw : decoded;
        return IdText.IsClean(kept) && kept.Length <= scratch.Length ? kept : IdText.Escape(kept.ToArray(), scratch);
    }

    /// <summary>Whether the decoded value equals <paramref name="value"/>.</summary>
    public bool Is(ReadOnlySpan<byte> value)
    {
        if (IsVerbatim)
        {
            return Raw.SequenceEqual(value);
        }

        if (MaxDecodedLength < value.Length || value.Length > 512)
        {
            return false;
        }

        Span<byte> scratch = stackalloc byte[520];
        return TryDecode(scratch, out int written) && scratch[..written].SequenceEqual(value);
    }

    /// <summary>Whether FreeSWITCH treats the value as true: true, t, yes, on, enabled, active, allow, or a number other than 0 (switch_true).</summary>
    public bool IsTrue() =>
        Raw.Length switch
        {
            1 => EqualsIgnoreCase("t"u8),
            2 => EqualsIgnoreCase("on"u8),
            3 => EqualsIgnoreCase("yes"u8),
            4 => EqualsIgnoreCase("true"u8),
            5 => EqualsIgnoreCase("allow"u8),
            6 => EqualsIgnoreCase("active"u8),
            7 => EqualsIgnoreCase("enabled"u8),
            _ => false,
        } || (TryParseInt64(out long number) && number != 0);

    /// <summary>Parses a decimal integer with optional sign, and nothing else.</summary>
    public bool TryParseInt64(out long value) => Utf8Parser.TryParse(Raw, out value, out int consumed) && consumed == Raw.Length;

    /// <summary>Parses a decimal integer from 0 to 4,294,967,295, and nothing else.</summary>
    public bool TryParseUInt32(out uint value)
    {
        value = 0;
        if (Raw.Length > 10)
        {
            // Leading zeros.
            return Utf8Parser.TryParse(Raw, out value, out int consumed) && consumed == Raw.Length;
        }

        ulong number = 0;
        foreach (byte c in Raw)
        {
            uint digit = (uint)c - '0';
            if (digit > 9)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        value = number <= uint.MaxValue ? (uint)number : 0;
        return number <= uint.MaxValue && !Raw.IsEmpty;
    }

    /// <summary>Parses up to eight hexadecimal digits, and nothing else.</summary>
    public bool TryParseHex32(out uint value)
    {
        uint number = 0;
        value = 0;
        foreach (byte c in Raw.Length <= 8 ? Raw : default)
        {
            int digit = UrlDecoder.HexDigit(c);
            if (digit < 0)
            {
                return false;
            }

            number = (number << 4) | (uint)digit;
        }

        value = number;
        return Raw.Length is > 0 and <= 8;
    }

    /// <summary>Parses a port, 1–65,535.</summary>
    public bool TryParsePort(out ushort value)
    {
        if (TryParseUInt32(out uint number) && number is > 0 and <= ushort.MaxValue)
        {
            value = (ushort)number;
            return true;
        }

        value = 0;
        return false;
    }

    /// <summary>Parses a finite decimal number, such as "4.50".</summary>
    public bool TryParseDouble(out double value) =>
        Utf8Parser.TryParse(Raw, out value, out int consumed) && consumed == Raw.Length && double.IsFinite(value);

    private bool EqualsIgnoreCase(ReadOnlySpan<byte> value) => System.Text.Ascii.EqualsIgnoreCase(Raw, value);

    /// <summary>Copies the bytes as they are; false, with as many as fit, if the destination is too short.</summary>
    internal static bool TryCopy(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = Math.Min(source.Length, destination.Length);
        source[..written].CopyTo(destination);
        return written == source.Length;
    }
}

/// <summary>
/// Makes identifiers (Call-ID, Unique-ID, switch name) fit to send: valid UTF-8 without control bytes. PostgreSQL
/// rejects anything else, and Homer 7 then loses a whole batch of rows.
/// </summary>
internal static class IdText
{
    public static bool IsClean(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e) < 0
        || (text.IndexOfAnyInRange((byte)0, (byte)0x1f) < 0 && !text.Contains((byte)0x7f) && Utf8.IsValid(text));

    /// <summary>Writes the text with each disallowed byte as <c>%XX</c>, and returns as much as fits.</summary>
    public static ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int written = 0;
        while (!text.IsEmpty)
        {
            bool isClean = Rune.DecodeFromUtf8(text, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done
                && rune.Value is not (< 0x20 or 0x7f);
            int length = isClean ? consumed : consumed * 3;
            if (length > destination.Length - written)
            {
                break;
            }

            foreach (byte b in text[..consumed])
            {
                if (isClean)
                {
                    destination[written++] = b;
                }
                else
                {
                    destination[written++] = (byte)'%';
                    destination[written++] = "0123456789ABCDEF"u8[b >> 4];
                    destination[written++] = "0123456789ABCDEF"u8[b & 15];
                }
            }

            text = text[consumed..];
        }

        return destination[..written];
    }
}
