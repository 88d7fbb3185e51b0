using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>Counts the store's packets: <c>received = kept + without a Call-ID + rejected</c>. Requires the store's lock.</summary>
internal sealed class StoreCounters
{
    private readonly SortedDictionary<string, long> _rejected = new(StringComparer.Ordinal);

    public long Received { get; set; }
    public long Kept { get; set; }
    public long WithoutCallId { get; set; }

    /// <summary>Packets stored with their time of arrival because their own was impossible.</summary>
    public long ImpossibleTimes { get; set; }

    /// <summary>Packets removed from the middle of a very long call.</summary>
    public long Shortened { get; set; }

    /// <summary>Calls removed for newer ones.</summary>
    public long Evicted { get; set; }

    public void Reject(HepReject reason)
    {
        string name = reason.ToString();
        _rejected[name] = _rejected.GetValueOrDefault(name) + 1;
    }

    public StoreStatus Snapshot(int calls, int legs, long bytes, CallStoreOptions options) =>
        new(calls, legs, options.MaxCalls, bytes, options.MaxBytes, Received, Kept, WithoutCallId, ImpossibleTimes, Shortened, Evicted, new Dictionary<string, long>(_rejected));
}

/// <summary>A snapshot of the store's figures.</summary>
internal sealed record StoreStatus(
    int Calls, int Legs, int MaxCalls, long Bytes, long MaxBytes, long Received, long Kept, long WithoutCallId, long ImpossibleTimes,
    long Shortened, long Evicted, IReadOnlyDictionary<string, long> Rejected);
