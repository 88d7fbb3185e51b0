namespace HepBridge.Collector.Store;

/// <summary>
/// Finds the legs of one call: two legs that share a name belong together. A name is a Call-ID, a channel's UUID, or what an event or a SIP header says of
/// another leg: the originator's UUID, X-CID, chunk 0x11, the dialog that is replaced, a conference.
/// </summary>
internal sealed class AliasIndex
{
    private readonly Dictionary<string, Leg> _owners = new(StringComparer.Ordinal);

    /// <summary>Adds the names of <paramref name="leg"/> from number <paramref name="from"/> on; returns the legs of other calls that have one of them already.</summary>
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
