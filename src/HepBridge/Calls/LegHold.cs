using System.Numerics;
using HepBridge.Diagnostics;

namespace HepBridge.Calls;

/// <summary>Receives a leg's held snapshots, each with the data stored with it, once its Call-ID is known.</summary>
internal delegate void HeldReceiver<T>(Leg leg, scoped ReadOnlySpan<byte> correlationId, ReadOnlySpan<byte> snapshot, in T kept);

/// <summary>A snapshot held until its leg's Call-ID is known.</summary>
internal sealed class HeldEvent<T> : HeldBlock
{
    public Leg Leg { get; set; } = null!;

    public bool IsTrusted { get; set; }

    /// <summary>The data stored with it.</summary>
    public T Kept { get; set; } = default!;
}

/// <summary>
/// Holds events of legs whose Call-ID is pending: passes them on once it is known, or drops them, counted with the reason. In order per leg, and in
/// order overall so that the oldest makes room. Bounded in events per leg, events in total, and bytes, with lower bounds for untrusted inputs. Reuses
/// snapshots and entries, so it allocates nothing in the steady state.
/// </summary>
/// <param name="correlator">Knows the Call-IDs.</param>
/// <param name="counters">Counts what is held, passed on and dropped.</param>
/// <param name="receiver">Receives the events of a leg whose Call-ID is known.</param>
/// <param name="left">Called with what was kept of each event that leaves, passed on or dropped; null: nobody asks.</param>
/// <typeparam name="T">Data stored with each held snapshot.</typeparam>
internal sealed class LegHold<T>(Correlator correlator, PipelineCounters counters, HeldReceiver<T> receiver, Action<T>? left)
{
    /// <summary>Total size of all snapshots.</summary>
    public const long MaxBytes = 160L << 20;

    /// <summary>Total size of the snapshots from untrusted inputs.</summary>
    public const long MaxUntrustedBytes = 8L << 20;

    private const int MaxSpare = 4_096;
    private readonly Stack<HeldEvent<T>> _spare = new();
    private readonly SnapshotPool _snapshots = new();
    private AgeList<HeldEvent<T>> _trusted;
    private AgeList<HeldEvent<T>> _untrusted;
    private int _count;
    private long _bytes;
    private long _untrustedBytes;

    public HeldEvent<T>? Oldest =>
        _untrusted.Oldest is { } one && (_trusted.Oldest is not { } other || one.SinceMilliseconds <= other.SinceMilliseconds) ? one : _trusted.Oldest;

    /// <summary>The event that has to go before another one can be held; null if there is room.</summary>
    /// <param name="limit">Most events in total.</param>
    /// <param name="isTrusted">Whether the new event is from a trusted input.</param>
    public HeldEvent<T>? InTheWay(int limit, bool isTrusted) =>
        !isTrusted && _untrustedBytes >= MaxUntrustedBytes ? _untrusted.Oldest
        : _count >= limit || _bytes >= MaxBytes ? Oldest
        : null;

    /// <summary>Appends to a leg's events, and returns the buffer for the snapshot.</summary>
    public Span<byte> Add(Leg leg, int length, in T kept, bool isTrusted, long nowMilliseconds)
    {
        HeldEvent<T> held = _spare.TryPop(out HeldEvent<T>? spare) ? spare : new HeldEvent<T>();
        held.Length = length;
        held.Bytes = _snapshots.Rent(length);
        held.Leg = leg;
        held.Kept = kept;
        held.IsTrusted = isTrusted;
        held.SinceMilliseconds = nowMilliseconds;
        leg.Held.Append(held);
        ListOf(held).Append(held);
        Account(held, 1);
        counters.Held++;
        return held.Bytes.AsSpan(0, length);
    }

    /// <summary>Moves one leg's events to another that has none.</summary>
    public static void Move(Leg from, Leg to)
    {
        for (HeldBlock? held = from.Held.First; held is not null; held = held.NextOfOwner)
        {
            ((HeldEvent<T>)held).Leg = to;
        }

        (to.Held, from.Held) = (from.Held, default);
    }

    public void Release(Leg leg, scoped ReadOnlySpan<byte> correlationId)
    {
        while (TakeFirst(leg) is { } held)
        {
            Release(leg, correlationId, held);
        }
    }

    /// <summary>A leg's first event was held long enough: passes on what the leg can name now, else drops that event, and then returns true.</summary>
    public bool Expire(Leg leg)
    {
        // With "aleg" it may have waited for its origin's Call-ID although it knows its own.
        if (correlator.ResolveOwn(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            Release(leg, correlationId);
            return false;
        }

        if (!leg.SpareCallId.IsEmpty && TakeFirst(leg) is { } held)
        {
            Release(leg, leg.SpareCallId.Span, held);
            return false;
        }

        DropFirst(leg, leg.IsDescribed ? UncorrelatedReason.HoldExpired : UncorrelatedReason.OlderThanAgent);
        return true;
    }

    /// <summary>With "aleg" a leg may wait for another leg's Call-ID, so check again now and then.</summary>
    public void ReleaseByOrigin()
    {
        ReleaseByOrigin(_trusted.Oldest);
        ReleaseByOrigin(_untrusted.Oldest);
    }

    public void DropFirst(Leg leg, UncorrelatedReason reason)
    {
        if (TakeFirst(leg) is { } held)
        {
            counters.Held--;
            counters.AddUncorrelated(reason);
            left?.Invoke(held.Kept);
            Return(held);
        }
    }

    public void Drop(Leg leg, UncorrelatedReason reason)
    {
        while (leg.Held.Count > 0)
        {
            DropFirst(leg, reason);
        }
    }

    private void Release(Leg leg, scoped ReadOnlySpan<byte> correlationId, HeldEvent<T> held)
    {
        counters.Held--;
        long reported = counters.Reported;
        receiver(leg, correlationId, held.Bytes.AsSpan(0, held.Length), held.Kept);
        counters.ReportedAfterHold += counters.Reported - reported;
        left?.Invoke(held.Kept);
        Return(held);
    }

    private void ReleaseByOrigin(HeldEvent<T>? held)
    {
        while (held is not null)
        {
            Leg leg = held.Leg;
            HeldEvent<T>? next = AgeList<HeldEvent<T>>.NewerThan(held);
            if (held == leg.Held.First && correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
            {
                while (next is not null && next.Leg == leg)
                {
                    next = AgeList<HeldEvent<T>>.NewerThan(next);
                }

                Release(leg, correlationId);
            }

            held = next;
        }
    }

    // Takes the leg's first event out of all lists; call Return after use.
    private HeldEvent<T>? TakeFirst(Leg leg)
    {
        HeldEvent<T>? held = (HeldEvent<T>?)leg.Held.TakeFirst();
        if (held is not null)
        {
            ListOf(held).Remove(held);
            Account(held, -1);
        }

        return held;
    }

    private void Return(HeldEvent<T> held)
    {
        _snapshots.Return(held.Bytes);
        held.Bytes = [];
        held.Leg = null!;
        held.Kept = default!;
        if (_spare.Count < MaxSpare)
        {
            _spare.Push(held);
        }
    }

    private ref AgeList<HeldEvent<T>> ListOf(HeldEvent<T> held) => ref held.IsTrusted ? ref _trusted : ref _untrusted;

    private void Account(HeldEvent<T> held, int sign)
    {
        _count += sign;
        _bytes += sign * held.Bytes.Length;
        _untrustedBytes += held.IsTrusted ? 0 : sign * held.Bytes.Length;
    }
}

/// <summary>
/// Reuses arrays for held events: a flood of large events would otherwise be a flood of garbage. Bounded in bytes,
/// unlike <c>ArrayPool.Shared</c>, whose size depends on the number of processors.
/// </summary>
internal sealed class SnapshotPool
{
    private const int ShortestLog2 = 9;
    private const int LongestLog2 = 16;
    private const int MaxBytes = 2 << 20;
    private readonly Stack<byte[]>[] _spare = [.. Enumerable.Range(ShortestLog2, LongestLog2 - ShortestLog2 + 1).Select(_ => new Stack<byte[]>())];
    private int _bytes;

    public byte[] Rent(int length)
    {
        int log2 = Math.Max(ShortestLog2, BitOperations.Log2((uint)Math.Max(1, length - 1)) + 1);
        if (log2 > LongestLog2)
        {
            return new byte[length];
        }

        if (_spare[log2 - ShortestLog2].TryPop(out byte[]? spare))
        {
            _bytes -= spare.Length;
            return spare;
        }

        return GC.AllocateUninitializedArray<byte>(1 << log2);
    }

    public void Return(byte[] snapshot)
    {
        if (snapshot.Length <= 1 << LongestLog2 && _bytes + snapshot.Length <= MaxBytes)
        {
            _spare[BitOperations.Log2((uint)snapshot.Length) - ShortestLog2].Push(snapshot);
            _bytes += snapshot.Length;
        }
    }
}
