namespace HepBridge.Collector.Store;

/// <summary>Finds the legs of one call: two Call-IDs that share a name (a UUID, an X-CID, a Call-ID) belong together.</summary>
internal sealed class AliasIndex
{
    // More legs than any real call forks; what a sender adds beyond that is not joined.
    private const int MaxLegs = 32;

    private readonly Dictionary<string, List<Call>> _calls = new(StringComparer.Ordinal);

    /// <summary>Adds the names of <paramref name="call"/> from number <paramref name="from"/> on.</summary>
    public void Add(Call call, int from)
    {
        for (int i = from; i < call.Aliases.All.Count; i++)
        {
            string alias = call.Aliases.All[i];
            if (!_calls.TryGetValue(alias, out List<Call>? calls))
            {
                _calls.Add(alias, calls = new List<Call>(2));
            }

            if (calls.Count < MaxLegs)
            {
                calls.Add(call);
            }
        }
    }

    public void Remove(Call call)
    {
        foreach (string alias in call.Aliases.All)
        {
            if (_calls.TryGetValue(alias, out List<Call>? calls) && calls.Remove(call) && calls.Count == 0)
            {
                _calls.Remove(alias);
            }
        }
    }

    /// <summary>The call itself and all that are joined with it, over any number of steps, oldest first.</summary>
    public List<Call> Legs(Call call)
    {
        List<Call> legs = [call];
        for (int i = 0; i < legs.Count && legs.Count < MaxLegs; i++)
        {
            foreach (string alias in legs[i].Aliases.All)
            {
                foreach (Call other in _calls.GetValueOrDefault(alias) ?? [])
                {
                    if (legs.Count < MaxLegs && !legs.Contains(other))
                    {
                        legs.Add(other);
                    }
                }
            }
        }

        legs.Sort(static (a, b) => a.First != b.First ? a.First.CompareTo(b.First) : a.Id.CompareTo(b.Id));
        return legs;
    }
}
