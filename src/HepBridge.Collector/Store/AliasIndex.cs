using HepBridge.Collector.Payloads;

namespace HepBridge.Collector.Store;

/// <summary>
/// Finds the legs of one call: legs that share a name belong together. Names are Call-IDs, channel UUIDs, and
/// references to other legs in events and SIP headers: the originator's UUID, X-CID, chunk 0x11, a replaced dialog, a
/// conference.
/// </summary>
internal sealed class AliasIndex
{
    private readonly Dictionary<string, Leg> _owners = new(StringComparer.Ordinal);

    /// <summary>Adds the names of <paramref name="leg"/> from number <paramref name="from"/> on; returns the legs of other calls that already have one of them.</summary>
    public IEnumerable<Leg> Add(Leg leg, int from)
    {
        for (int i = from; i < leg.Aliases.All.Count; i++)
        {
            if (!_owners.TryAdd(leg.Aliases.All[i], leg) && _owners[leg.Aliases.All[i]] is { } other && other.Call != leg.Call)
            {
                yield return other;
            }
        }
    }

    public void Remove(Leg leg)
    {
        foreach (string alias in leg.Aliases.All)
        {
            if (_owners.TryGetValue(alias, out Leg? owner) && owner == leg)
            {
                _owners.Remove(alias);
            }
        }
    }
}

/// <summary>A handful of distinct names; more or longer ones, which only a hostile sender has, are ignored.</summary>
internal sealed class BoundedNames
{
    public const int MaxNames = 16;
    public const int MaxLength = CallIds.MaxLength;

    // String header, references in the list and in the index.
    private const int EntryBytes = 64;

    private readonly List<string> _names = new(2);

    public IReadOnlyList<string> All => _names;
    public int Bytes { get; private set; }

    /// <summary>True if it was new and there was room.</summary>
    public bool Add(string name)
    {
        if (name.Length is 0 or > MaxLength || _names.Count >= MaxNames || _names.Contains(name))
        {
            return false;
        }

        _names.Add(name);
        Bytes += (2 * name.Length) + EntryBytes;
        return true;
    }
}
