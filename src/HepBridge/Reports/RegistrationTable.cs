using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>
/// Where each user of a network of switches is registered: the latest sofia::register, unregister or expire from all
/// nodes. Bounded in users and in bytes; the user heard longest ago makes room. A refresh that changes nothing
/// allocates nothing. Not thread-safe: requires the pipeline's lock.
/// </summary>
internal sealed class RegistrationTable
{
    public const int DefaultCapacity = 100_000;

    /// <summary>Most bytes of all values: enough for 100,000 typical registrations.</summary>
    public const long DefaultMaxBytes = 16L << 20;

    private const int MaxContact = 512;
    private const int MaxUserAgent = 128;
    private const int MaxAddress = 64;
    private const int MaxUser = EventLimits.MaxName + 1 + EventLimits.MaxName;
    private const int MaxEntry = MaxUser + MaxContact + MaxAddress + MaxUserAgent + EventLimits.MaxCallId;

    private readonly HashSet<Entry> _users = new(ByUser.Instance);
    private readonly HashSet<Entry>.AlternateLookup<ReadOnlySpan<byte>> _byUser;
    private readonly int _capacity;
    private readonly long _maxBytes;
    private Entry? _oldest;
    private Entry? _newest;

    /// <param name="capacity">Most users.</param>
    /// <param name="maxBytes">Most bytes of their values.</param>
    public RegistrationTable(int capacity = DefaultCapacity, long maxBytes = DefaultMaxBytes)
    {
        _capacity = capacity;
        _maxBytes = maxBytes;
        _byUser = _users.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _users.Count;

    /// <summary>Bytes of all values.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of valid registrations evicted to make room.</summary>
    public long Evicted { get; private set; }

    /// <summary>Records a registration event; ignores other events.</summary>
    /// <param name="e">The event.</param>
    /// <param name="node">The name of its switch.</param>
    /// <param name="at">When it arrived: nodes' clocks may differ, so the events' own times do not show which is newer.</param>
    public void Observe(scoped in FreeSwitchEvent e, string node, DateTimeOffset at)
    {
        if (e.Kind is not (EventKind.Register or EventKind.Unregister or EventKind.RegisterExpire))
        {
            return;
        }

        Values values = new(stackalloc byte[MaxEntry]);
        values.AddUser(e);
        if (values.Length == 0)
        {
            return;
        }

        values.Add(e.Get(KnownHeader.Contact), MaxContact);
        values.AddNetwork(e);
        values.Add(e.Get(KnownHeader.UserAgent), MaxUserAgent);
        values.Add(e.Get(KnownHeader.RegistrationCallId), EventLimits.MaxCallId);
        bool isKnown = _byUser.TryGetValue(values[Field.User], out Entry? known);
        if (isKnown && at < known!.Since)
        {
            // Another node has newer information about this user.
            return;
        }

        if (e.Kind != EventKind.Register)
        {
            // A device that moved to another node later expires on the old one: that does not end its new registration.
            if (isKnown && node == known!.Node && IsSame(known, values))
            {
                Remove(known);
            }

            return;
        }

        if (!isKnown)
        {
            known = new Entry();
        }
        else
        {
            Unlink(known!);
        }

        // Absent or implausible: assume the registrar's usual hour.
        long seconds = e.Get(KnownHeader.Expires).TryParseInt64(out long given) && given is > 0 and <= int.MaxValue ? given : 3600;
        Bytes -= known!.Length;
        known.Set(values);
        Bytes += known.Length;
        (known.Node, known.Since, known.Expires) = (node, at, at.AddSeconds(seconds));
        Append(known);
        if (!isKnown)
        {
            _users.Add(known);
        }

        MakeRoom(at);
    }

    /// <summary>The registrations that have not expired, newest first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="limit">Most registrations to return.</param>
    public Registration[] Snapshot(DateTimeOffset now, int limit = int.MaxValue)
    {
        List<Registration> found = new(Math.Min(_users.Count, limit));
        for (Entry? entry = _newest; entry is not null && found.Count < limit; entry = entry.Older)
        {
            if (entry.Expires > now)
            {
                found.Add(entry.ToRegistration());
            }
        }

        return [.. found];
    }

    private static bool IsSame(Entry known, in Values values)
    {
        ReadOnlySpan<byte> callId = values[Field.CallId];
        ReadOnlySpan<byte> knownCallId = known[Field.CallId];
        return callId.Length > 0 && knownCallId.Length > 0 ? callId.SequenceEqual(knownCallId) : values[Field.Contact].SequenceEqual(known[Field.Contact]);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        while ((_users.Count > _capacity || Bytes > _maxBytes) && _oldest is { } oldest && oldest != _newest)
        {
            Evicted += oldest.Expires > now ? 1 : 0;
            Remove(oldest);
        }
    }

    private void Remove(Entry entry)
    {
        Unlink(entry);
        _users.Remove(entry);
        Bytes -= entry.Length;
    }

    private void Append(Entry entry)
    {
        entry.Older = _newest;
        if (_newest is null)
        {
            _oldest = entry;
        }
        else
        {
            _newest.Newer = entry;
        }

        _newest = entry;
    }

    private void Unlink(Entry entry)
    {
        if (entry.Older is null)
        {
            _oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        if (entry.Newer is null)
        {
            _newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        (entry.Older, entry.Newer) = (null, null);
    }

    private enum Field
    {
        User,
        Contact,
        Network,
        UserAgent,
        CallId,
    }

    /// <summary>One event's values, back to back. Values over their limit are truncated.</summary>
    private ref struct Values(Span<byte> room)
    {
        private const int Fields = (int)Field.CallId + 1;
        private readonly Span<byte> _room = room;
        private Ends _ends;
        private int _count;

        public int Length { get; private set; }

        private readonly ReadOnlySpan<byte> Text => _room[..Length];

        public readonly bool Says(in Ends ends, ReadOnlySpan<byte> text) => ((ReadOnlySpan<ushort>)_ends).SequenceEqual(ends) && Text.SequenceEqual(text);

        public readonly void Keep(out Ends ends, out byte[] text) => (ends, text) = (_ends, Text.ToArray());

        public readonly ReadOnlySpan<byte> this[Field field] => _room[(field == 0 ? 0 : _ends[(int)field - 1])..(int)_ends[(int)field]];

        public void Add(HeaderValue value, int limit)
        {
            Write(value, limit);
            End();
        }

        public void AddUser(scoped in FreeSwitchEvent e)
        {
            Write(RegistrationReport.User(e), EventLimits.MaxName);
            if (Length > 0 && RegistrationReport.Host(e) is { IsEmpty: false } host)
            {
                _room[Length++] = (byte)'@';
                Write(host, EventLimits.MaxName);
            }

            End();
        }

        public void AddNetwork(scoped in FreeSwitchEvent e)
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

    private sealed class Entry
    {
        private Values.Ends _ends;
        private byte[] _text = [];

        public int Length => _text.Length;

        public string Node { get; set; } = "";

        public DateTimeOffset Since { get; set; }

        public DateTimeOffset Expires { get; set; }

        public Entry? Older { get; set; }

        public Entry? Newer { get; set; }

        public ReadOnlySpan<byte> this[Field field] => _text.AsSpan()[(field == 0 ? 0 : _ends[(int)field - 1])..(int)_ends[(int)field]];

        // Most REGISTERs are refreshes: do not store the same values again.
        public void Set(scoped in Values values)
        {
            if (!values.Says(_ends, _text))
            {
                values.Keep(out _ends, out _text);
            }
        }

        public Registration ToRegistration() => new(
            Encoding.UTF8.GetString(this[Field.User]),
            Node,
            Encoding.UTF8.GetString(this[Field.Contact]),
            Encoding.UTF8.GetString(this[Field.Network]),
            Encoding.UTF8.GetString(this[Field.UserAgent]),
            Encoding.UTF8.GetString(this[Field.CallId]),
            Since,
            Expires);
    }

    private sealed class ByUser : IEqualityComparer<Entry>, IAlternateEqualityComparer<ReadOnlySpan<byte>, Entry>
    {
        public static ByUser Instance { get; } = new();

        public bool Equals(Entry? x, Entry? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x[Field.User].SequenceEqual(y[Field.User]));

        public int GetHashCode(Entry obj) => GetHashCode(obj[Field.User]);

        public bool Equals(ReadOnlySpan<byte> alternate, Entry other) => alternate.SequenceEqual(other[Field.User]);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Calls.ByteHash.Compute(alternate);

        public Entry Create(ReadOnlySpan<byte> alternate) => throw new NotSupportedException("Entries are added whole.");
    }
}

/// <summary>Where a user is registered, according to the latest event.</summary>
/// <param name="User">user@host.</param>
/// <param name="Node">The switch's name.</param>
/// <param name="Contact">The contact, as in the REGISTER.</param>
/// <param name="Network">The REGISTER's source address and port; empty if unknown.</param>
/// <param name="UserAgent">The device's User-Agent.</param>
/// <param name="CallId">The REGISTER's Call-ID, one per device.</param>
/// <param name="Since">When the latest REGISTER's event arrived by our clock, since nodes' clocks may differ.</param>
/// <param name="Expires">When it ends unless refreshed.</param>
internal readonly record struct Registration(
    string User, string Node, string Contact, string Network, string UserAgent, string CallId, DateTimeOffset Since, DateTimeOffset Expires);
