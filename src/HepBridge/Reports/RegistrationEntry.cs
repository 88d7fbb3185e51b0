using System.Text;
using HepBridge.Calls;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

internal enum RegistrationField
{
    User,
    Contact,
    Network,
    UserAgent,
    CallId,
}

/// <summary>One event's values, back to back. Values over their limit are truncated.</summary>
internal ref struct RegistrationValues(Span<byte> room)
{
    public const int MaxLength = MaxUser + MaxContact + MaxAddress + MaxUserAgent + EventLimits.MaxCallId;

    private const int MaxContact = 512;
    private const int MaxUserAgent = 128;
    private const int MaxAddress = 64;
    private const int MaxUser = EventLimits.MaxName + 1 + EventLimits.MaxName;
    private const int Fields = (int)RegistrationField.CallId + 1;

    private readonly Span<byte> _room = room;
    private Ends _ends;
    private int _count;

    public int Length { get; private set; }

    private readonly ReadOnlySpan<byte> Text => _room[..Length];

    public readonly bool Says(in Ends ends, ReadOnlySpan<byte> text) => ((ReadOnlySpan<ushort>)_ends).SequenceEqual(ends) && Text.SequenceEqual(text);

    public readonly void CopyTo(out Ends ends, Span<byte> text)
    {
        ends = _ends;
        Text.CopyTo(text);
    }

    public readonly ReadOnlySpan<byte> this[RegistrationField field] => _room[(field == 0 ? 0 : _ends[(int)field - 1])..(int)_ends[(int)field]];

    /// <summary>Reads an event; false if it has no user.</summary>
    public bool TryRead(scoped in FreeSwitchEvent e)
    {
        AddUser(e);
        if (Length == 0)
        {
            return false;
        }

        Add(e.Get(KnownHeader.Contact), MaxContact);
        AddNetwork(e);
        Add(e.Get(KnownHeader.UserAgent), MaxUserAgent);
        Add(e.Get(KnownHeader.RegistrationCallId), EventLimits.MaxCallId);
        return true;
    }

    private void Add(HeaderValue value, int limit)
    {
        Write(value, limit);
        End();
    }

    private void AddUser(scoped in FreeSwitchEvent e)
    {
        Write(RegistrationReport.User(e), EventLimits.MaxName);
        if (Length > 0 && RegistrationReport.Host(e) is { IsEmpty: false } host)
        {
            _room[Length++] = (byte)'@';
            Write(host, EventLimits.MaxName);
        }

        End();
    }

    private void AddNetwork(scoped in FreeSwitchEvent e)
    {
        HeaderValue address = e.Get(KnownHeader.NetworkIp);
        HeaderValue port = e.Get(KnownHeader.NetworkPort);
        Span<byte> scratch = stackalloc byte[MaxAddress - 8];
        ReadOnlySpan<byte> decoded = address.Decode(scratch);
        bool isIPv6 = !port.IsEmpty && decoded.Contains((byte)':');
        Write(isIPv6 ? "["u8 : default);
        Write(decoded);
        if (!port.IsEmpty)
        {
            Write(isIPv6 ? "]:"u8 : ":"u8);
            Write(port, limit: 5);
        }

        End();
    }

    private void Write(HeaderValue value, int limit) => Write(value.Decode(_room.Slice(Length, limit)));

    // Decoded in place, or left where they are.
    private void Write(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(_room[Length..]);
        Length += value.Length;
    }

    private void End() => _ends[_count++] = (ushort)Length;

    [System.Runtime.CompilerServices.InlineArray(Fields)]
    internal struct Ends
    {
        private ushort _first;
    }
}

internal sealed class RegistrationEntry : Aged
{
    // The entry itself, the headers of its array and string, and its place in the set.
    private const int Overhead = 180;

    private RegistrationValues.Ends _ends;
    private byte[] _text = [];
    private int _length;

    public int Size => Overhead + _text.Length + (2 * Node.Length);

    /// <summary>Whether it was last heard from a trusted input.</summary>
    public bool IsTrusted { get; set; }

    public string Node { get; set; } = "";

    public DateTimeOffset Since { get; set; }

    public DateTimeOffset Expires { get; set; }

    public ReadOnlySpan<byte> this[RegistrationField field] => _text.AsSpan()[(field == 0 ? 0 : _ends[(int)field - 1])..(int)_ends[(int)field]];

    // Most REGISTERs are refreshes: do not store the same values again.
    public void Set(scoped in RegistrationValues values)
    {
        if (values.Says(_ends, _text.AsSpan(0, _length)))
        {
            return;
        }

        // When an entry is reused for another user, its array may be slightly too long.
        _length = values.Length;
        if (_text.Length < _length || _text.Length > _length * 2)
        {
            _text = new byte[_length];
        }

        values.CopyTo(out _ends, _text);
    }

    public Registration ToRegistration() => new(
        Encoding.UTF8.GetString(this[RegistrationField.User]),
        Node,
        Encoding.UTF8.GetString(this[RegistrationField.Contact]),
        Encoding.UTF8.GetString(this[RegistrationField.Network]),
        Encoding.UTF8.GetString(this[RegistrationField.UserAgent]),
        Encoding.UTF8.GetString(this[RegistrationField.CallId]),
        Since,
        Expires);
}

internal sealed class RegistrationByUser : IEqualityComparer<RegistrationEntry>, IAlternateEqualityComparer<ReadOnlySpan<byte>, RegistrationEntry>
{
    public static RegistrationByUser Instance { get; } = new();

    public bool Equals(RegistrationEntry? x, RegistrationEntry? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x[RegistrationField.User].SequenceEqual(y[RegistrationField.User]));

    public int GetHashCode(RegistrationEntry obj) => GetHashCode(obj[RegistrationField.User]);

    public bool Equals(ReadOnlySpan<byte> alternate, RegistrationEntry other) => alternate.SequenceEqual(other[RegistrationField.User]);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)ByteHash.Compute(alternate);

    public RegistrationEntry Create(ReadOnlySpan<byte> alternate) => throw new NotSupportedException("Entries are added whole.");
}
