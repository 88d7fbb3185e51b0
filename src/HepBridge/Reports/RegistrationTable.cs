using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>
/// "Where is this user?" for a network of switches: the latest registration of each user, from sofia::register, unregister and expire of all
/// nodes. Bounded. Not thread-safe: used under the pipeline's lock.
/// </summary>
internal sealed class RegistrationTable(int capacity = RegistrationTable.DefaultCapacity)
{
    public const int DefaultCapacity = 100_000;

    // What a value may take: a Contact with its parameters fits, a hostile one is cut.
    private const int LongestValue = 512;

    private static readonly TimeSpan _sweepInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Registration> _users = new(StringComparer.Ordinal);
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;

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

        string user = Text(RegistrationReport.User(e));
        if (user.Length == 0)
        {
            return;
        }

        string host = Text(RegistrationReport.Host(e));
        user = host.Length == 0 ? user : $"{user}@{host}";
        string callId = Text(e.Get(KnownHeader.RegistrationCallId));
        string contact = Text(e.Get(KnownHeader.Contact));
        _users.TryGetValue(user, out Registration? known);
        if (known is not null && at < known.Since)
        {
            // Another node has newer knowledge of this user.
            return;
        }

        if (e.Kind != EventKind.Register)
        {
            // A device that left for another node expires on the old one later: that doesn't end the new registration.
            if (known is not null && node == known.Node && IsSame(known, callId, contact))
            {
                _users.Remove(user);
            }

            return;
        }

        if (known is null && !HasRoom(at))
        {
            Refused++;
            return;
        }

        // Absent or senseless: the registrar's usual hour.
        long seconds = e.Get(KnownHeader.Expires).TryParseInt64(out long given) && given is > 0 and <= int.MaxValue ? given : 3600;
        string address = Text(e.Get(KnownHeader.NetworkIp));
        string port = Text(e.Get(KnownHeader.NetworkPort));
        string network = port.Length == 0 ? address : address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}";
        _users[user] = new Registration(user, node, contact, network, Text(e.Get(KnownHeader.UserAgent)), callId, at, at.AddSeconds(seconds));
    }

    /// <summary>The registrations that have not run out, by user.</summary>
    public Registration[] Snapshot(DateTimeOffset now) =>
        [.. _users.Values.Where(registration => registration.Expires > now).OrderBy(static registration => registration.User, StringComparer.Ordinal)];

    private static bool IsSame(Registration known, string callId, string contact) =>
        callId.Length > 0 && known.CallId.Length > 0 ? callId == known.CallId : contact == known.Contact;

    // Looking for what has run out costs a pass over all: once a minute at most.
    private bool HasRoom(DateTimeOffset now)
    {
        if (_users.Count >= capacity && now >= _nextSweep)
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

        return _users.Count < capacity;
    }

    private static string Text(HeaderValue value)
    {
        Span<byte> scratch = stackalloc byte[LongestValue];
        ReadOnlySpan<byte> decoded = value.Decode(scratch);
        return Encoding.UTF8.GetString(decoded[..Math.Min(decoded.Length, LongestValue)]);
    }
}
