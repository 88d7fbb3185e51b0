using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>
/// "Where is this user?" for a network of switches: the latest registration of each user, from sofia::register, unregister and expire of all
/// nodes. Bounded. A refresh that says nothing new allocates nothing. Not thread-safe: used under the pipeline's lock.
/// </summary>
internal sealed class RegistrationTable
{
    public const int DefaultCapacity = 100_000;

    // What a value may take: a Contact with its parameters fits, a hostile one is cut.
    private const int LongestValue = 512;

    private static readonly TimeSpan _sweepInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Registration> _users;
    private readonly Dictionary<string, Registration>.AlternateLookup<ReadOnlySpan<char>> _byUser;
    private readonly int _capacity;
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;

    /// <param name="capacity">The most users that are known at once.</param>
    public RegistrationTable(int capacity = DefaultCapacity)
    {
        _capacity = capacity;
        _users = new(StringComparer.Ordinal);
        _byUser = _users.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many users are known.</summary>
    public int Count => _users.Count;

    /// <summary>How many registrations found no room.</summary>
    public long Refused { get; private set; }

    /// <summary>Takes note of a registration event; other events change nothing.</summary>
    /// <param name="e">The event.</param>
    /// <param name="node">The name of the switch that it is of.</param>
    /// <param name="at">When it arrived: the clocks of two nodes may differ, so the events' own times don't tell which is newer.</param>
    public void Observe(scoped in FreeSwitchEvent e, string node, DateTimeOffset at)
    {
        if (e.Kind is not (EventKind.Register or EventKind.Unregister or EventKind.RegisterExpire))
        {
            return;
        }

        Span<char> room = stackalloc char[(2 * LongestValue) + 1];
        ReadOnlySpan<char> user = User(e, room);
        if (user.IsEmpty)
        {
            return;
        }

        bool isKnown = _byUser.TryGetValue(user, out Registration known);
        if (isKnown && at < known.Since)
        {
            // Another node has newer knowledge of this user.
            return;
        }

        ReadOnlySpan<char> callId = Text(e.Get(KnownHeader.RegistrationCallId), stackalloc char[LongestValue]);
        ReadOnlySpan<char> contact = Text(e.Get(KnownHeader.Contact), stackalloc char[LongestValue]);
        if (e.Kind != EventKind.Register)
        {
            // A device that left for another node expires on the old one later: that doesn't end the new registration.
            if (isKnown && node == known.Node && IsSame(known, callId, contact))
            {
                _users.Remove(known.User);
            }

            return;
        }

        if (!isKnown && !HasRoom(at))
        {
            Refused++;
            return;
        }

        // Absent or senseless: the registrar's usual hour.
        long seconds = e.Get(KnownHeader.Expires).TryParseInt64(out long given) && given is > 0 and <= int.MaxValue ? given : 3600;
        string name = isKnown ? known.User : user.ToString();
        _users[name] = new Registration(
            name,
            node,
            Keep(known.Contact, contact),
            Keep(known.Network, Network(e, stackalloc char[(2 * LongestValue) + 3])),
            Keep(known.UserAgent, Text(e.Get(KnownHeader.UserAgent), stackalloc char[LongestValue])),
            Keep(known.CallId, callId),
            at,
            at.AddSeconds(seconds));
    }

    /// <summary>The registrations that have not run out, by user.</summary>
    public Registration[] Snapshot(DateTimeOffset now) =>
        [.. _users.Values.Where(registration => registration.Expires > now).OrderBy(static registration => registration.User, StringComparer.Ordinal)];

    private static bool IsSame(in Registration known, ReadOnlySpan<char> callId, ReadOnlySpan<char> contact) =>
        callId.Length > 0 && known.CallId.Length > 0 ? callId.SequenceEqual(known.CallId) : contact.SequenceEqual(known.Contact);

    // Most REGISTERs are refreshes: what they say again isn't made anew.
    private static string Keep(string? known, ReadOnlySpan<char> now) => known is not null && now.SequenceEqual(known) ? known : now.ToString();

    // Looking for what has run out costs a pass over all: once a minute at most.
    private bool HasRoom(DateTimeOffset now)
    {
        if (_users.Count >= _capacity && now >= _nextSweep)
        {
            _nextSweep = now + _sweepInterval;
            foreach (Registration registration in _users.Values)
            {
                if (registration.Expires <= now)
                {
                    _users.Remove(registration.User);
                }
            }
        }

        return _users.Count < _capacity;
    }

    private static ReadOnlySpan<char> User(scoped in FreeSwitchEvent e, Span<char> room)
    {
        int length = Text(RegistrationReport.User(e), room).Length;
        int host = length == 0 ? 0 : Text(RegistrationReport.Host(e), room[(length + 1)..]).Length;
        if (host > 0)
        {
            room[length] = '@';
            length += 1 + host;
        }

        return room[..length];
    }

    private static ReadOnlySpan<char> Network(scoped in FreeSwitchEvent e, Span<char> room)
    {
        ReadOnlySpan<char> address = Text(e.Get(KnownHeader.NetworkIp), stackalloc char[LongestValue]);
        ReadOnlySpan<char> port = Text(e.Get(KnownHeader.NetworkPort), stackalloc char[LongestValue]);
        int length;
        if (port.IsEmpty)
        {
            room.TryWrite($"{address}", out length);
        }
        else if (address.Contains(':'))
        {
            room.TryWrite($"[{address}]:{port}", out length);
        }
        else
        {
            room.TryWrite($"{address}:{port}", out length);
        }

        return room[..length];
    }

    // What is behind the longest value is cut off.
    private static ReadOnlySpan<char> Text(HeaderValue value, Span<char> room)
    {
        ReadOnlySpan<byte> decoded = value.Decode(stackalloc byte[LongestValue]);
        return room[..Encoding.UTF8.GetChars(decoded[..Math.Min(decoded.Length, LongestValue)], room)];
    }
}

/// <summary>Where a user is registered, as the latest event about it said.</summary>
/// <param name="User">user@host.</param>
/// <param name="Node">The switch's name.</param>
/// <param name="Contact">The contact, as in the REGISTER.</param>
/// <param name="Network">Where the REGISTER came from: address and port; empty if unknown.</param>
/// <param name="UserAgent">What the device calls itself.</param>
/// <param name="CallId">The REGISTER's Call-ID: one a device.</param>
/// <param name="Since">When the latest REGISTER's event arrived: nodes' clocks may differ, and the latest one counts.</param>
/// <param name="Expires">When it ends unless refreshed.</param>
internal readonly record struct Registration(
    string User, string Node, string Contact, string Network, string UserAgent, string CallId, DateTimeOffset Since, DateTimeOffset Expires);
