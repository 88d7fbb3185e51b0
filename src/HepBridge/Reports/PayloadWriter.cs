using System.Buffers.Text;
using System.Runtime.CompilerServices;
using HepBridge.FreeSwitch.Events;
using HepBridge.Masking;

namespace HepBridge.Reports;

/// <summary>
/// Writes a payload as UTF-8 straight into the packet's buffer. Records an overflow if something does not fit, and
/// never writes past the end; the sink then starts over with a larger buffer.
/// </summary>
/// <param name="buffer">Receives the payload.</param>
/// <param name="valueLimit">JSON values of at least this many bytes are left out.</param>
/// <param name="mask">Masks every value except identifiers.</param>
internal ref struct PayloadWriter(Span<byte> buffer, int valueLimit, ValueMask mask)
{
    private readonly Span<byte> _buffer = buffer;
    private readonly ValueMask _mask = mask;
    private int _length;
    private int _tailStart = -1;
    private ValueBudget _budget = new(valueLimit);

    public readonly int Length => _length;

    /// <summary>Bytes since <see cref="BeginTail"/>, which a truncated text keeps; 0 without a tail.</summary>
    public readonly int TailLength => _tailStart < 0 ? 0 : _length - _tailStart;

    public bool Overflowed { get; private set; }

    /// <inheritdoc cref="ValueBudget.Largest"/>
    public readonly int LargestValue => _budget.Largest;

    /// <inheritdoc cref="ValueBudget.LeftOut"/>
    public readonly bool LeftOut => _budget.LeftOut;

    /// <summary>Text written from here on survives truncation.</summary>
    public void BeginTail() => _tailStart = _length;

    /// <summary>Writes bytes unchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _length)
        {
            Overflowed = true;
            return;
        }

        bytes.CopyTo(_buffer[_length..]);
        _length += bytes.Length;
    }

    public void Raw(byte value)
    {
        if (_length == _buffer.Length)
        {
            Overflowed = true;
            return;
        }

        _buffer[_length++] = value;
    }

    public void Number(long value) => Advance(Utf8Formatter.TryFormat(value, _buffer[_length..], out int written), written);

    public void Number(uint value) => Advance(Utf8Formatter.TryFormat(value, _buffer[_length..], out int written), written);

    /// <summary>A number with a fixed number of digits, padded with zeros.</summary>
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

    public void Address(Hep.HepAddress address) => Advance(address.TryFormat(_buffer[_length..], out int written), written);

    /// <summary>A header's value in a log line: decoded, made valid UTF-8, masked, and escaped for its place.</summary>
    public void Text(scoped HeaderValue value, LinePlace place)
    {
        int start = _length;
        if (!value.TryDecode(_buffer[start..], out int written))
        {
            Overflowed = true;
            return;
        }

        FinishText(start, ArrayText.Flatten(_buffer.Slice(start, written)), place);
    }

    /// <summary>Bytes in a log line: made valid UTF-8, masked, and escaped for their place.</summary>
    public void Text(scoped ReadOnlySpan<byte> value, LinePlace place)
    {
        int start = _length;
        Raw(value);
        if (_length > start)
        {
            FinishText(start, _length - start, place);
        }
    }

    /// <summary>Text that is already formatted, such as JSON or a SIP message: made valid UTF-8 and masked.</summary>
    public void Whole(scoped ReadOnlySpan<byte> text)
    {
        int start = _length;
        Raw(text);
        if (Overflowed)
        {
            return;
        }

        _mask.ApplyToPayload(_buffer[start.._length]);
        int repaired = ReadableText.Repair(_buffer[start..], _length - start);
        Overflowed = repaired < 0;
        _length = start + Math.Max(0, repaired);
    }

    /// <summary>An identifier after <c>name=</c>, as in chunk 0x11 (<see cref="HeaderValue.DecodeId"/>); never masked.</summary>
    public void Id(scoped HeaderValue value)
    {
        int start = _length;
        AdvanceId(value);
        EscapeLine(start, LinePlace.Named);
    }

    /// <summary>An identifier after <c>name=</c>; never masked.</summary>
    public void Id(scoped ReadOnlySpan<byte> value)
    {
        int start = _length;
        Raw(value);
        EscapeLine(start, LinePlace.Named);
    }

    /// <summary>A JSON member with a string value, or an array of strings if FreeSWITCH has one; left out if too large.</summary>
    public void JsonMember(scoped ReadOnlySpan<byte> name, scoped HeaderValue value)
    {
        if (!_budget.Admit(value.Raw.Length))
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

        _mask.Apply(_buffer.Slice(start, written));
        EscapeInPlace(start, written);
        if (ArrayText.IsArray(_buffer[start.._length]))
        {
            int array = ArrayText.ToJson(_buffer[(start - 1)..], _length - start);
            Overflowed |= array < 0;
            _length = start - 1 + Math.Max(array, 0);
            return;
        }

        Raw((byte)'"');
    }

    /// <summary>A JSON member with a string value; left out if too large.</summary>
    public void JsonMember(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (!_budget.Admit(value.Length))
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

    /// <summary>A JSON member whose value is an identifier, as in chunk 0x11 (<see cref="HeaderValue.DecodeId"/>); left out if too large.</summary>
    public void JsonId(scoped ReadOnlySpan<byte> name, scoped HeaderValue value)
    {
        if (!_budget.Admit(value.Raw.Length))
        {
            return;
        }

        MemberName(name);
        Raw((byte)'"');
        int start = _length;
        AdvanceId(value);
        EscapeInPlace(start, _length - start);
        Raw((byte)'"');
    }

    /// <summary>Comma, name and colon of a JSON member.</summary>
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

    // Each disallowed byte becomes three: with less room, the identifier could be cut.
    private void AdvanceId(scoped HeaderValue value)
    {
        Span<byte> room = _buffer[_length..];
        if (value.MaxDecodedLength * 3 > room.Length)
        {
            Overflowed = true;
            return;
        }

        Raw(value.DecodeId(room));
    }

    private void Advance(bool fits, int written)
    {
        Overflowed |= !fits;
        _length += fits ? written : 0;
    }

    private void FinishText(int start, int length, LinePlace place)
    {
        _mask.Apply(_buffer.Slice(start, length));
        _length = start + length;
        EscapeLine(start, place);
    }

    private void EscapeLine(int start, LinePlace place)
    {
        if (!Overflowed)
        {
            End(start, LineEscape.InPlace(_buffer[start..], _length - start, place));
        }
    }

    private void EscapeInPlace(int start, int length)
    {
        if (!Overflowed)
        {
            End(start, JsonEscape.InPlace(_buffer[start..], length));
        }
    }

    // Below 0: it did not fit.
    private void End(int start, int length)
    {
        Overflowed |= length < 0;
        _length = length < 0 ? _length : start + length;
    }
}

/// <summary>Decides which JSON values are left out of a payload that was too long.</summary>
/// <param name="limit">Values of at least this many bytes are left out.</param>
internal struct ValueBudget(int limit)
{
    /// <summary>The largest JSON value that was not left out, in bytes.</summary>
    public int Largest { get; private set; }

    /// <summary>Whether a JSON value was left out.</summary>
    public bool LeftOut { get; private set; }

    /// <summary>Whether a value of this length may be written.</summary>
    public bool Admit(int length)
    {
        if (length >= limit)
        {
            LeftOut = true;
            return false;
        }

        Largest = Math.Max(Largest, length);
        return true;
    }
}
