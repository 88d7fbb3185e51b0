using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>
/// Switches that events were received from, by Core-UUID. Bounded so that forged ones displace no real switch: one with few events makes room
/// first, then the one silent longest if it has missed its HEARTBEATs, else the newest.
/// </summary>
/// <param name="onEvicted">Called with each switch that makes room.</param>
internal sealed class SwitchTable(Action<Switch> onEvicted)
{
    public const int Capacity = 4_096;

    /// <summary>Most switches with few events. Forged ones leave while they are young, which keeps them out of the garbage collector's oldest generation.</summary>
    public const int MaxUnconfirmed = 1_024;

    // About as many as one call fires.
    private const int EventsToConfirm = 8;

    // A HEARTBEAT comes every 20 s by default.
    private const long SilentMilliseconds = 300_000;

    private readonly Dictionary<byte[], Switch> _switches = new(ByteKeyComparer.Instance);
    private readonly LinkedList<Switch> _unconfirmed = new();
    private Switch? _last;
    private int _nextIndex;

    /// <summary>All switches; enumerated without allocation.</summary>
    public Dictionary<byte[], Switch>.ValueCollection Values => _switches.Values;

    /// <summary>The switch that sent an event; added if new.</summary>
    public Switch Find(scoped in FreeSwitchEvent e, long nowMilliseconds)
    {
        ReadOnlySpan<byte> core = e.Get(KnownHeader.CoreUuid).Raw;
        Switch? found = Find(core);
        if (found is null)
        {
            found = Add(core, nowMilliseconds);
            Learn(found, e);
        }
        else if (e.Kind == EventKind.Heartbeat || found.NameUtf8.Length == 0)
        {
            Learn(found, e);
        }

        found.Events++;
        if (found.Unconfirmed is not null && found.Events >= EventsToConfirm)
        {
            _unconfirmed.Remove(found.Unconfirmed);
            found.Unconfirmed = null;
        }

        found.LastSeenMilliseconds = nowMilliseconds;
        return _last = found;
    }

    /// <summary>A switch by its Core-UUID; null if it has sent no event.</summary>
    public Switch? Find(ReadOnlySpan<byte> coreUuid) =>
        _last is not null && coreUuid.SequenceEqual(_last.CoreUuid)
            ? _last
            : _switches.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(coreUuid, out Switch? found) ? found : null;

    /// <summary>The most recently heard switch of this name; null if there is none.</summary>
    public Switch? FindByName(ReadOnlySpan<byte> name)
    {
        Switch? found = null;
        foreach (Switch candidate in _switches.Values)
        {
            if (name.SequenceEqual(candidate.NameUtf8) && (found is null || candidate.LastSeenMilliseconds >= found.LastSeenMilliseconds))
            {
                found = candidate;
            }
        }

        return found;
    }

    public void Remove(Switch gone)
    {
        _switches.Remove(gone.CoreUuid);
        if (gone.Unconfirmed is not null)
        {
            _unconfirmed.Remove(gone.Unconfirmed);
            gone.Unconfirmed = null;
        }

        _last = _last == gone ? null : _last;
    }

    private Switch Add(ReadOnlySpan<byte> core, long nowMilliseconds)
    {
        if (_switches.Count >= Capacity || _unconfirmed.Count >= MaxUnconfirmed)
        {
            Switch evicted = _unconfirmed.First?.Value ?? LeastWanted(nowMilliseconds);
            Remove(evicted);
            onEvicted(evicted);
        }

        Switch added = new(core.ToArray(), _nextIndex++);
        added.Unconfirmed = _unconfirmed.AddLast(added);
        _switches.Add(added.CoreUuid, added);
        return added;
    }

    private Switch LeastWanted(long nowMilliseconds)
    {
        Switch silent = _switches.Values.MinBy(candidate => candidate.LastSeenMilliseconds)!;
        return nowMilliseconds - silent.LastSeenMilliseconds > SilentMilliseconds ? silent : _switches.Values.MaxBy(candidate => candidate.Index)!;
    }

    private static void Learn(Switch found, scoped in FreeSwitchEvent e)
    {
        Span<byte> scratch = stackalloc byte[EventLimits.MaxName];
        HeaderValue name = e.Get(KnownHeader.FreeSwitchSwitchname);
        if (name.IsEmpty)
        {
            name = e.Get(KnownHeader.FreeSwitchHostname);
        }

        ReadOnlySpan<byte> decoded = name.DecodeId(scratch);
        if (!decoded.IsEmpty && !decoded.SequenceEqual(found.NameUtf8))
        {
            found.NameUtf8 = decoded.ToArray();
        }

        if (HepAddress.TryParse(e.Get(KnownHeader.FreeSwitchIPv4).Decode(scratch), out HepAddress ipv4))
        {
            found.IPv4 = ipv4;
        }

        if (HepAddress.TryParse(e.Get(KnownHeader.FreeSwitchIPv6).Decode(scratch), out HepAddress ipv6))
        {
            found.IPv6 = ipv6;
        }
    }
}
