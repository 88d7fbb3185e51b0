using System.Diagnostics.CodeAnalysis;

namespace HepBridge.Collector.Store;

/// <summary>The part of the store that can be read while its lock is held.</summary>
internal readonly struct CallReader(LinkedList<Call> byAge, Dictionary<long, Leg> byId, JitterUnits jitter, long version)
{
    /// <summary>All calls, the one silent longest first.</summary>
    public LinkedList<Call> Calls => byAge;

    public long Version => version;

    /// <summary>The unit of <c>ia_jitter</c> detected for each agent.</summary>
    public JitterUnits Jitter => jitter;

    /// <summary>Finds a call by the number of any of its legs.</summary>
    public bool TryGet(long legId, [NotNullWhen(true)] out Call? call)
    {
        call = byId.TryGetValue(legId, out Leg? leg) ? leg.Call : null;
        return call is not null;
    }

    public bool TryGetLeg(long legId, [NotNullWhen(true)] out Leg? leg) => byId.TryGetValue(legId, out leg);
}
