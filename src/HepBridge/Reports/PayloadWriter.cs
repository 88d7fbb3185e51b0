using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>
/// Writes a payload as UTF-8 straight into the packet's buffer. What does not fit is remembered as an overflow, never written in part
/// beyond the buffer: the sink then starts over with a larger one.
/// </summary>
internal ref struct PayloadWriter
{
    private static readonly SearchValues<byte> _jsonSpecial = SearchValues.Create(MakeJsonSpecial());
    private static readonly SearchValues<byte> _textSpecial = SearchValues.Create(MakeTextSpecial());
    private readonly Span<byte> _buffer;
    private int _length;

    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="valueLimit">JSON values of so many octets or more are left out.</param>
    public PayloadWriter(Span<byte> buffer, int valueLimit)
    {
        _buffer = buffer;
        ValueLimit = valueLimit;
    }

    /// <summary>Octets written.</summary>
    public readonly int Length => _length;

    /// <summary>Whether the buffer was too small.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>JSON values of so many octets or more are left out.</summary>
    public int ValueLimit { get; }

    /// <summary>The largest JSON value that was not left out, in octets.</summary>
    public int LargestValue { get; private set; }

    /// <summary>Whether a JSON value was left out.</summary>
    public bool LeftOut { get; private set; }

    /// <summary>Writes octets as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(scoped ReadOnlySpan<byte> octets)
    {
        if (octets.Length > _buffer.Length - _length)
        {
            Overflowed = true;
            return;
        }

        octets.CopyTo(_buffer[_length..]);
        _length += octets.Length;
    }

    public void Raw(byte octet)
    {
        if (_length == _buffer.Length)
        {
            Overflowed = true;
            return;
        }

        _buffer[_length++] = octet;
    }

    public void Number(long value) => Advance(Utf8Formatter.TryFormat(value, _buffer[_length..], out int written), written);

    public void Number(uint value) => Advance(Utf8Formatter.TryFormat(value, _buffer[_length..], out int written), written);

    /// <summary>A decimal number with at most three digits behind the point, never NaN or infinite.</summary>
    public void Number(double value)
    {
        double rounded = Math.Round(value, 3, MidpointRounding.AwayFromZero);
        if (rounded == Math.Truncate(rounded) && Math.Abs(rounded) < 1e15)
        {
            Number((long)rounded);
            return;
        }

        Advance(rounded.TryFormat(_buffer[_length..], out int written, "0.###", System.Globalization.CultureInfo.InvariantCulture), written);
    }

    /// <summary>A number with exactly so many digits, zeros in front.</summary>
    public void Digits(uint value, int count)
    {
        if (count > _buffer.Length - _length)
        {
            Overflowed = true;
            return;
        }

        for (int i = count - 1; i >= 0; i--)
        {
            _buffer[_length + i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        _length += count;
    }

    /// <summary>An address as text.</summary>
    public void Address(Hep.HepAddress address) => Advance(address.TryFormat(_buffer[_length..], out int written), written);

    /// <summary>A header's value in a text: decoded, valid UTF-8, on one line.</summary>
    public void Text(scoped HeaderValue value)
    {
        int start = _length;
        if (!value.TryDecode(_buffer[start..], out int written))
        {
            Overflowed = true;
            return;
        }

        _length = start + Clean(_buffer.Slice(start, written), keepLines: false);
    }

    /// <summary>Octets that are to be text: valid UTF-8, on one line unless lines are kept.</summary>
    public void Text(scoped ReadOnlySpan<byte> value, bool keepLines = false)
    {
        int start = _length;
        Raw(value);
        if (_length > start)
        {
            _length = start + Clean(_buffer[start.._length], keepLines);
        }
    }

    /// <summary>A JSON member with a string as its value; left out if it is too large.</summary>
    public void JsonMember(scoped ReadOnlySpan<byte> name, scoped HeaderValue value)
    {
        if (!Admit(value.Raw.Length))
        {
            return;
        }

        MemberName(name);
        Raw((byte)'"');
        int start = _length;
        if (!value.TryDecode(_buffer[start..], out int written))
        {
            Overflowed = true;
            return;
        }

        EscapeInPlace(start, written);
        Raw((byte)'"');
    }

    /// <summary>A JSON member with a string as its value; left out if it is too large.</summary>
    public void JsonMember(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (!Admit(value.Length))
        {
            return;
        }

        MemberName(name);
        Raw((byte)'"');
        int start = _length;
        Raw(value);
        EscapeInPlace(start, _length - start);
        Raw((byte)'"');
    }

    /// <summary>The comma, the name and the colon of a JSON member.</summary>
    public void MemberName(scoped ReadOnlySpan<byte> name)
    {
        if (_length > 0 && _buffer[_length - 1] is not (byte)'{')
        {
            Raw((byte)',');
        }

        Raw((byte)'"');
        int start = _length;
        Raw(name);
        EscapeInPlace(start, _length - start);
        Raw("\":"u8);
    }

    /// <summary>A JSON member with a whole number as its value.</summary>
    public void JsonMember(scoped ReadOnlySpan<byte> name, long value)
    {
        MemberName(name);
        Number(value);
    }

    /// <summary>A JSON member with a decimal number as its value.</summary>
    public void JsonMember(scoped ReadOnlySpan<byte> name, double value)
    {
        MemberName(name);
        Number(value);
    }

    /// <summary>A JSON member with an address as its value.</summary>
    public void JsonMember(scoped ReadOnlySpan<byte> name, Hep.HepAddress value)
    {
        MemberName(name);
        Raw((byte)'"');
        Address(value);
        Raw((byte)'"');
    }

    private bool Admit(int length)
    {
        if (length >= ValueLimit)
        {
            LeftOut = true;
            return false;
        }

        LargestValue = Math.Max(LargestValue, length);
        return true;
    }

    private void Advance(bool fits, int written)
    {
        Overflowed |= !fits;
        _length += fits ? written : 0;
    }

    // Escapes what stands at the end of the buffer. Escaping makes it longer, so what is special is moved to its place from the back.
    private void EscapeInPlace(int start, int length)
    {
        if (Overflowed)
        {
            return;
        }

        Span<byte> text = _buffer.Slice(start, length);
        int special = text.IndexOfAny(_jsonSpecial);
        if (special < 0)
        {
            _length = start + length;
            return;
        }

        length = DropInvalid(text);
        text = text[..length];
        int extra = 0;
        foreach (byte c in text[Math.Min(special, length)..])
        {
            extra += c is (byte)'"' or (byte)'\\' or (byte)'\n' or (byte)'\r' or (byte)'\t' ? 1 : c < 0x20 ? 5 : 0;
        }

        if (length + extra > _buffer.Length - start)
        {
            Overflowed = true;
            return;
        }

        int to = start + length + extra;
        _length = to;
        for (int from = start + length - 1; from >= start && to - 1 > from; from--)
        {
            byte c = _buffer[from];
            switch (c)
            {
                case (byte)'"' or (byte)'\\':
                    _buffer[--to] = c;
                    _buffer[--to] = (byte)'\\';
                    break;
                case (byte)'\n' or (byte)'\r' or (byte)'\t':
                    _buffer[--to] = c == '\n' ? (byte)'n' : c == '\r' ? (byte)'r' : (byte)'t';
                    _buffer[--to] = (byte)'\\';
                    break;
                case < 0x20:
                    _buffer[--to] = HexDigit(c & 15);
                    _buffer[--to] = HexDigit(c >> 4);
                    _buffer[--to] = (byte)'0';
                    _buffer[--to] = (byte)'0';
                    _buffer[--to] = (byte)'u';
                    _buffer[--to] = (byte)'\\';
                    break;
                default:
                    _buffer[--to] = c;
                    break;
            }
        }
    }

    /// <summary>Makes octets readable text in place and returns how many are left.</summary>
    private static int Clean(Span<byte> text, bool keepLines)
    {
        if (text.IndexOfAny(_textSpecial) < 0)
        {
            return text.Length;
        }

        int length = DropInvalid(text);
        foreach (ref byte c in text[..length])
        {
            if ((c < 0x20 && !(keepLines && c is (byte)'\n' or (byte)'\t')) || c == 0x7f)
            {
                c = (byte)' ';
            }
        }

        return length;
    }

    /// <summary>Removes NUL and what is no UTF-8, as collectors do (they would otherwise drop it later, or the row).</summary>
    private static int DropInvalid(Span<byte> text)
    {
        if (!text.Contains((byte)0) && Utf8.IsValid(text))
        {
            return text.Length;
        }

        int kept = 0;
        int at = 0;
        while (at < text.Length)
        {
            OperationStatus status = System.Text.Rune.DecodeFromUtf8(text[at..], out System.Text.Rune rune, out int consumed);
            if (status == OperationStatus.Done && rune.Value != 0)
            {
                text.Slice(at, consumed).CopyTo(text[kept..]);
                kept += consumed;
            }

            at += consumed;
        }

        return kept;
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    private static byte[] MakeJsonSpecial() =>
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x80, 0x80)).Append('"').Append('\\').Select(c => (byte)c)];

    private static byte[] MakeTextSpecial() =>
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x81)).Select(c => (byte)c)];
}
