using System.Buffers.Text;

namespace HepBridge.FreeSwitch.Events;

/// <summary>How a value is written.</summary>
public enum ValueEncoding : byte
{
    /// <summary>As it is.</summary>
    Literal,

    /// <summary>URL-encoded (switch_url_encode); an empty value is written <c>_undef_</c>.</summary>
    Url,

    /// <summary>The inside of a JSON string; an event that was fired again as JSON has <c>_undef_</c> here too.</summary>
    JsonString,

    /// <summary>JSON that is no string: an array is read as FreeSWITCH's <c>ARRAY::a|:b</c>.</summary>
    RawJson,
}

/// <summary>One header's value as it was received: decoded only when asked.</summary>
public readonly ref struct HeaderValue
{
    private readonly ValueEncoding _encoding;

    /// <summary>A value that stands written so.</summary>
    public HeaderValue(ReadOnlySpan<byte> raw, ValueEncoding encoding)
    {
        _encoding = encoding;
        IsPresent = true;
        Raw = encoding is ValueEncoding.Url or ValueEncoding.JsonString && raw.SequenceEqual("_undef_"u8) ? default : raw;
    }

    /// <summary>Whether the event has this header at all.</summary>
    public bool IsPresent { get; }

    /// <summary>The bytes as received; none if absent, empty or <c>_undef_</c>.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Whether it is absent or empty.</summary>
    public bool IsEmpty => Raw.IsEmpty;

    /// <summary>An upper bound of the decoded length in bytes.</summary>
    /// <remarks>An array's brackets become <c>ARRAY::</c>, and each of its commas <c>|:</c>.</remarks>
    public int MaxDecodedLength => _encoding == ValueEncoding.RawJson ? (Raw.Length * 2) + 8 : Raw.Length;

    /// <summary>Whether decoding changes nothing: <see cref="Raw"/> is the value.</summary>
    public bool IsVerbatim => _encoding switch
    {
        ValueEncoding.Literal => true,
        ValueEncoding.Url => !Raw.Contains((byte)'%'),
        ValueEncoding.JsonString => !Raw.Contains((byte)'\\'),
        _ => false,
    };

    /// <summary>Writes the decoded value; false if the destination is shorter than it.</summary>
    public bool TryDecode(Span<byte> destination, out int written) => _encoding switch
    {
        ValueEncoding.Url => UrlDecoder.TryDecode(Raw, destination, out written),
        ValueEncoding.JsonString => JsonText.TryUnescape(Raw, destination, out written),
        ValueEncoding.RawJson => JsonText.TryDecodeRaw(Raw, destination, out written),
        _ => TryCopy(Raw, destination, out written),
    };

    /// <summary>
    /// The decoded value: part of <see cref="Raw"/> where nothing is encoded, else written into <paramref name="scratch"/>. Either way it has at
    /// most the scratch's length; the rest is cut off.
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
    /// anything else is kept as it was written; bytes that may not leave either way become <c>%XX</c>.
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

    /// <summary>Whether the decoded value is exactly this.</summary>
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

    /// <summary>Whether the value is a switch's idea of true: true, t, yes, on, enabled, active, allow, or a number other than 0 (switch_true).</summary>
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

    /// <summary>A whole number in decimal, with or without sign, and nothing else.</summary>
    public bool TryParseInt64(out long value) => Utf8Parser.TryParse(Raw, out value, out int consumed) && consumed == Raw.Length;

    /// <summary>A whole number from 0 to 4,294,967,295 in decimal, and nothing else.</summary>
    public bool TryParseUInt32(out uint value) => Utf8Parser.TryParse(Raw, out value, out int consumed) && consumed == Raw.Length;

    /// <summary>Up to eight hexadecimal digits, and nothing else.</summary>
    public bool TryParseHex32(out uint value) =>
        Utf8Parser.TryParse(Raw, out value, out int consumed, 'x') && consumed == Raw.Length;

    /// <summary>A port, 1–65,535.</summary>
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

    /// <summary>A finite decimal number, "4.50".</summary>
    public bool TryParseDouble(out double value) =>
        Utf8Parser.TryParse(Raw, out value, out int consumed) && consumed == Raw.Length && double.IsFinite(value);

    private bool EqualsIgnoreCase(ReadOnlySpan<byte> value) => System.Text.Ascii.EqualsIgnoreCase(Raw, value);

    private static bool TryCopy(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        bool fits = source.TryCopyTo(destination);
        if (!fits)
        {
            source[..destination.Length].CopyTo(destination);
        }

        written = fits ? source.Length : destination.Length;
        return fits;
    }
}
