using System.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>The switches that events came from. Bounded: the one that was silent longest makes room.</summary>
internal sealed class SwitchTable
{
    private const int MaxSwitches = 4_096;
    private readonly List<Switch> _switches = [];
    private Switch? _last;
    private int _nextIndex;

    public IReadOnlyList<Switch> All => _switches;

    /// <summary>The switch that an event came from, made known if it is new.</summary>
    public Switch Find(scoped in FreeSwitchEvent e, long nowMilliseconds)
    {
        ReadOnlySpan<byte> core = e.Get(KnownHeader.CoreUuid).Raw;
        Switch? found = _last is not null && core.SequenceEqual(_last.CoreUuid) ? _last : FindSlowly(core);
        if (found is null)
        {
            found = Add(core);
            Learn(found, e);
        }
        else if (e.Kind == EventKind.Heartbeat || found.Name.Length == 0)
        {
            Learn(found, e);
        }

        found.Events++;
        found.LastSeenMilliseconds = nowMilliseconds;
        return _last = found;
    }

    /// <summary>A switch by its Core-UUID, null if no event came from it.</summary>
    public Switch? Find(ReadOnlySpan<byte> coreUuid) =>
        _last is not null && coreUuid.SequenceEqual(_last.CoreUuid) ? _last : FindSlowly(coreUuid);

    /// <summary>The switch of a name that was heard last, null if there is none.</summary>
    public Switch? FindByName(ReadOnlySpan<byte> name)
    {
        Switch? found = null;
        foreach (Switch candidate in _switches)
        {
            if (name.SequenceEqual(candidate.NameUtf8) && (found is null || candidate.LastSeenMilliseconds >= found.LastSeenMilliseconds))
            {
                found = candidate;
            }
        }

        return found;
    }

    /// <summary>Forgets a switch.</summary>
    public void Remove(Switch gone)
    {
        _switches.Remove(gone);
        _last = _last == gone ? null : _last;
    }

    private Switch? FindSlowly(ReadOnlySpan<byte> core)
    {
        foreach (Switch candidate in _switches)
        {
            if (core.SequenceEqual(candidate.CoreUuid))
            {
                return candidate;
            }
        }

        return null;
    }

    private Switch Add(ReadOnlySpan<byte> core)
    {
        if (_switches.Count >= MaxSwitches)
        {
            _switches.Remove(_switches.MinBy(candidate => candidate.LastSeenMilliseconds)!);
        }

        Switch added = new(core.ToArray(), _nextIndex++);
        _switches.Add(added);
        return added;
    }

    private static void Learn(Switch found, scoped in FreeSwitchEvent e)
    {
        Span<byte> scratch = stackalloc byte[256];
        HeaderValue name = e.Get(KnownHeader.FreeSwitchSwitchname);
        if (name.IsEmpty)
        {
            name = e.Get(KnownHeader.FreeSwitchHostname);
        }

        ReadOnlySpan<byte> decoded = name.DecodeId(scratch);
        if (!decoded.IsEmpty && !decoded.SequenceEqual(found.NameUtf8))
        {
            found.NameUtf8 = decoded.ToArray();
            found.Name = Encoding.UTF8.GetString(decoded);
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
