using System.Diagnostics.CodeAnalysis;

namespace HepBridge.Collector.Store;

/// <summary>What may be read of the store while its lock is held.</summary>
internal readonly struct CallReader(LinkedList<Call> byAge, Dictionary<long, Call> byId, AliasIndex aliases, long version)
{
    /// <summary>All calls, the one that was silent longest first.</summary>
    public LinkedList<Call> Calls => byAge;

    public long Version => version;

    public bool TryGet(long id, [NotNullWhen(true)] out Call? call) => byId.TryGetValue(id, out call);

    /// <summary>The call and its other legs, oldest first.</summary>
    public List<Call> Legs(Call call) => aliases.Legs(call);
}
