using HepBridge.Calls;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>
/// Where each user of a network of switches is registered: the latest sofia::register, unregister or expire from all nodes. Bounded in users and in
/// bytes; the user heard longest ago makes room. A refresh that changes nothing allocates nothing. Not thread-safe: requires the pipeline's lock.
/// </summary>
internal sealed class RegistrationTable
{
    public const int DefaultCapacity = 100_000;

    /// <summary>Most bytes of all entries: enough for 100,000 typical registrations.</summary>
    public const long DefaultMaxBytes = 32L << 20;

    private readonly HashSet<RegistrationEntry> _users = new(RegistrationByUser.Instance);
    private readonly HashSet<RegistrationEntry>.AlternateLookup<ReadOnlySpan<byte>> _byUser;
    private readonly int _capacity;
    private readonly long _maxBytes;
    private readonly long _maxUntrustedBytes;
    private AgeList<RegistrationEntry> _trusted;
    private AgeList<RegistrationEntry> _untrusted;
    private RegistrationEntry? _spare;
    private long _untrustedBytes;

    /// <param name="capacity">Most users.</param>
    /// <param name="maxBytes">Most bytes. Untrusted inputs fill at most three eighths of them.</param>
    public RegistrationTable(int capacity = DefaultCapacity, long maxBytes = DefaultMaxBytes)
    {
        _capacity = capacity;
        _maxBytes = maxBytes;
        _maxUntrustedBytes = maxBytes / 8 * 3;
        _byUser = _users.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _users.Count;

    /// <summary>Bytes of all entries.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of valid registrations evicted to make room.</summary>
    public long Evicted { get; private set; }

    /// <summary>Records a registration event; ignores other events.</summary>
    /// <param name="e">The event.</param>
    /// <param name="node">The name of its switch.</param>
    /// <param name="at">When it arrived: nodes' clocks may differ, so the events' own times do not show which is newer.</param>
    /// <param name="isTrusted">Whether it came from a trusted input.</param>
    public void Observe(scoped in FreeSwitchEvent e, string node, DateTimeOffset at, bool isTrusted = true)
    {
        if (e.Kind is not (EventKind.Register or EventKind.Unregister or EventKind.RegisterExpire))
        {
            return;
        }

        RegistrationValues values = new(stackalloc byte[RegistrationValues.MaxLength]);
        if (!values.TryRead(e))
        {
            return;
        }

        bool isKnown = _byUser.TryGetValue(values[RegistrationField.User], out RegistrationEntry? known);
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

        if (isKnown)
        {
            Unlink(known!);
        }
        else
        {
            known = _spare ?? new RegistrationEntry();
            _spare = null;
        }

        // Absent or implausible: assume the registrar's usual hour.
        long seconds = e.Get(KnownHeader.Expires).TryParseInt64(out long given) && given is > 0 and <= int.MaxValue ? given : 3600;
        known!.Set(values);
        (known.Node, known.Since, known.Expires, known.IsTrusted) = (node, at, at.AddSeconds(seconds), isTrusted);
        ListOf(known).Append(known);
        Account(known, 1);
        if (!isKnown)
        {
            _users.Add(known);
        }

        MakeRoom(known, at);
    }

    /// <summary>The registrations that have not expired, newest first.</summary>
    public Registration[] Snapshot(DateTimeOffset now, int limit = int.MaxValue)
    {
        List<Registration> found = new(Math.Min(_users.Count, limit));
        RegistrationEntry? trusted = _trusted.Newest;
        RegistrationEntry? untrusted = _untrusted.Newest;
        while ((trusted ?? untrusted) is not null && found.Count < limit)
        {
            bool isTrusted = untrusted is null || (trusted is not null && trusted.Since >= untrusted.Since);
            ref RegistrationEntry? newest = ref isTrusted ? ref trusted : ref untrusted;
            if (newest!.Expires > now)
            {
                found.Add(newest.ToRegistration());
            }

            newest = AgeList<RegistrationEntry>.OlderThan(newest);
        }

        return [.. found];
    }

    private static bool IsSame(RegistrationEntry known, in RegistrationValues values)
    {
        ReadOnlySpan<byte> callId = values[RegistrationField.CallId];
        ReadOnlySpan<byte> knownCallId = known[RegistrationField.CallId];
        return callId.Length > 0 && knownCallId.Length > 0 ? callId.SequenceEqual(knownCallId) : values[RegistrationField.Contact].SequenceEqual(known[RegistrationField.Contact]);
    }

    private void MakeRoom(RegistrationEntry latest, DateTimeOffset now)
    {
        while (InTheWay() is { } oldest && oldest != latest)
        {
            Evicted += oldest.Expires > now ? 1 : 0;
            Remove(oldest);
            _spare = oldest;
        }
    }

    private RegistrationEntry? InTheWay() =>
        _untrustedBytes > _maxUntrustedBytes ? _untrusted.Oldest
        : _users.Count <= _capacity && Bytes <= _maxBytes ? null
        : _trusted.Oldest is { } trusted && (_untrusted.Oldest is not { } untrusted || trusted.Since < untrusted.Since) ? trusted
        : _untrusted.Oldest;

    private void Remove(RegistrationEntry entry)
    {
        Unlink(entry);
        _users.Remove(entry);
    }

    private void Unlink(RegistrationEntry entry)
    {
        ListOf(entry).Remove(entry);
        Account(entry, -1);
    }

    private ref AgeList<RegistrationEntry> ListOf(RegistrationEntry entry) => ref entry.IsTrusted ? ref _trusted : ref _untrusted;

    private void Account(RegistrationEntry entry, int sign)
    {
        Bytes += sign * entry.Size;
        _untrustedBytes += entry.IsTrusted ? 0 : sign * entry.Size;
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
