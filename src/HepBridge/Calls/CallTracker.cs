using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using Microsoft.Extensions.Logging;

namespace HepBridge.Calls;

/// <summary>Receives a leg's held snapshots once its Call-ID is known.</summary>
/// <param name="leg">The leg.</param>
/// <param name="correlationId">The correlation id for its packets.</param>
/// <param name="snapshot">The held event.</param>
/// <param name="kept">The data stored with it.</param>
internal delegate void HeldReceiver<T>(Leg leg, scoped ReadOnlySpan<byte> correlationId, ReadOnlySpan<byte> snapshot, in T kept);

/// <summary>
/// Tracks switches, legs and Call-IDs, and holds events until their Call-ID is known. The only place that correlates. Synchronous, requires
/// the pipeline's lock, and allocates nothing for a known leg.
/// </summary>
/// <typeparam name="T">Data stored with each held snapshot.</typeparam>
internal sealed partial class CallTracker<T>
{
    private const long ClockWarningMicroseconds = 2_000_000;
    private const long ClockWarningInterval = 3_600_000;
    private const long LargestReorderInterval = 60_000;
    private readonly PipelineCounters _counters;
    private readonly ILogger _logger;
    private readonly HeldReceiver<T> _receiver;
    private readonly Action<T>? _left;
    private readonly SwitchTable _switches;
    private readonly LegTable _legs;
    private readonly LegObserver _observer = new();
    private readonly Correlator _correlator;
    private readonly HoldQueue<T> _held = new();
    private LegRelations? _relations;
    private CallOptions _options;
    private long _nowMicroseconds;
    private long _nowMilliseconds;

    // Legs referred to before their first event belong to Nobody; their held events move to the real leg once it
    // appears.
    private int _orphans;

    /// <summary>Creates it; <paramref name="left"/> is called with what was kept of each snapshot that leaves the hold queue, reported or not.</summary>
    public CallTracker(CallOptions options, PipelineCounters counters, ILogger logger, HeldReceiver<T> receiver, Action<T>? left = null)
    {
        (_options, _counters, _logger, _receiver, _left) = (options, counters, logger, receiver, left);
        _switches = new SwitchTable(OnSwitchEvicted);
        _legs = new LegTable(options.MaxLegs);
        _correlator = new Correlator(_legs, options);
        Apply(options);
    }

    /// <summary>Switches that events were received from.</summary>
    public IReadOnlyCollection<Switch> Switches => _switches.All;

    /// <summary>The owner of legs whose switch is unknown.</summary>
    public Switch Nobody { get; } = new([], -1);

    /// <summary>From now on, learns which Call-IDs belong together.</summary>
    public void Join(DialogTable dialogs) => _relations ??= new LegRelations(_legs, dialogs);

    public void Apply(CallOptions options)
    {
        _options = options;
        _legs.Capacity = options.MaxLegs;
        _legs.ReorderInterval = (long)Math.Min(options.MaxLegAge.TotalMilliseconds / 16, LargestReorderInterval);
        _correlator.Options = options;
        _observer.SetCallIdVariable(options.CallIdVariable);
    }

    /// <summary>Sets the clock for a batch.</summary>
    /// <param name="milliseconds">Monotonic.</param>
    /// <param name="microseconds">UTC, since 1970.</param>
    public void SetTime(long milliseconds, long microseconds) => (_nowMilliseconds, _nowMicroseconds) = (milliseconds, microseconds);

    /// <summary>
    /// The switch that sent an event. Log lines and hand-made events may not name one; those are attributed to <paramref
    /// name="connected"/>.
    /// </summary>
    /// <param name="e">The event.</param>
    /// <param name="connected">The switch that the input is connected to.</param>
    /// <param name="isSingleSwitch">Whether the input has only that switch.</param>
    public Switch? FindSwitch(scoped in FreeSwitchEvent e, Switch? connected, bool isSingleSwitch)
    {
        bool isNameless = e.Kind == EventKind.Log || (isSingleSwitch && e.Get(KnownHeader.CoreUuid).IsEmpty);
        return isNameless ? connected : _switches.Find(e, _nowMilliseconds);
    }

    /// <summary>The most recently heard switch of this name, else <see cref="Nobody"/>.</summary>
    public Switch FindSwitch(ReadOnlySpan<byte> name) => _switches.FindByName(name) ?? Nobody;

    /// <summary>Forgets a restarted switch: the calls under its previous Core-UUID are gone.</summary>
    public void ForgetSwitch(scoped ReadOnlySpan<byte> coreUuid)
    {
        if (!coreUuid.IsEmpty && _switches.Find(coreUuid) is { } earlier)
        {
            ForgetSwitch(earlier);
        }
    }

    public void ForgetSwitch(Switch gone)
    {
        _switches.Remove(gone);
        ForgetLegs(gone);
    }

    /// <summary>Compares the switch's clock with ours; warns at most once an hour if they differ.</summary>
    public void ObserveHeartbeat(scoped in FreeSwitchEvent e, Switch owner)
    {
        owner.LastHeartbeatMilliseconds = _nowMilliseconds;
        if (!e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp))
        {
            return;
        }

        owner.ClockDifferenceMicroseconds = stamp - _nowMicroseconds;
        bool isOff = Math.Abs(owner.ClockDifferenceMicroseconds) > ClockWarningMicroseconds;
        if (isOff && (owner.ClockWarnedMilliseconds is not { } warned || _nowMilliseconds - warned > ClockWarningInterval))
        {
            owner.ClockWarnedMilliseconds = _nowMilliseconds;
            Log.SwitchClockOff(_logger, owner.Name, owner.ClockDifferenceMicroseconds / 1_000_000.0);
        }
    }

    /// <summary>Updates the leg from an event and releases events held for it. Null if the event has no leg.</summary>
    public Leg? Observe(scoped in FreeSwitchEvent e, Switch owner, bool isTrusted)
    {
        if (_legs.Bytes > LegTable.MaxBytes)
        {
            MakeRoom();
        }

        HeaderValue id = e.Get(e.Kind == EventKind.Log ? KnownHeader.UserData : KnownHeader.UniqueId);
        if (id.IsEmpty)
        {
            return null;
        }

        Span<byte> scratch = stackalloc byte[EventLimits.MaxId];
        ReadOnlySpan<byte> uniqueId = id.DecodeId(scratch);
        Leg? leg = _legs.Find(owner, uniqueId);
        if (leg is { IsDestroyed: true } && e.Kind == EventKind.ChannelCreate)
        {
            // A dialplan may reuse the UUID of a channel that has just ended (origination_uuid).
            Forget(leg);
            leg = null;
        }

        if (leg is null)
        {
            // Channel states also arrive after the channel's end; they create no leg.
            if (e.Kind is EventKind.Other or EventKind.ChannelState or EventKind.ChannelCallState or EventKind.PresenceIn or EventKind.BackgroundJob)
            {
                return null;
            }

            MakeRoom();
            leg = _legs.Add(owner, uniqueId, _nowMilliseconds, isTrusted);
            _counters.LegsSeen++;
            Adopt(leg);
        }
        else if (e.Kind == EventKind.ChannelData && leg.IsDestroyed)
        {
            return leg;
        }
        else
        {
            _legs.Touch(leg, _nowMilliseconds);
        }

        _observer.Observe(leg, e);
        _relations?.Observe(leg, e, _nowMilliseconds);

        // With "aleg" and "both", even if nothing is held: the origin has to be fixed while it is still known.
        if ((leg.HeldCount > 0 || _options.Correlation != Correlation.Own)
            && _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            Release(leg, correlationId);
        }

        _legs.Account(leg);
        return leg;
    }

    /// <summary>The event's leg, if known; learns nothing.</summary>
    public Leg? Find(scoped in FreeSwitchEvent e, Switch owner)
    {
        Span<byte> scratch = stackalloc byte[EventLimits.MaxId];
        return _legs.Find(owner, e.Get(KnownHeader.UniqueId).DecodeId(scratch));
    }

    /// <summary>
    /// The leg of the channel that a CUSTOM event refers to, if known: a voicemail's UUID is that of a call that may
    /// have ended long ago.
    /// </summary>
    public Leg? FindNamed(scoped in FreeSwitchEvent e, Switch owner)
    {
        if (e.Kind != EventKind.Custom || !e.Get(KnownHeader.UniqueId).IsEmpty)
        {
            return null;
        }

        HeaderValue id = NamedChannels.Find(e);
        return id.IsEmpty ? null : _legs.Find(owner, id.Decode(stackalloc byte[EventLimits.MaxId]));
    }

    /// <summary>
    /// The leg with this UUID on any switch. If it has no events yet, its held events move to the real leg once it
    /// appears.
    /// </summary>
    public Leg FindOrAdd(ReadOnlySpan<byte> uniqueId, bool isTrusted)
    {
        if (_orphans > 0 && _legs.Find(Nobody, uniqueId) is { } orphan)
        {
            _legs.Touch(orphan, _nowMilliseconds);
            return orphan;
        }

        foreach (Switch candidate in _switches.Values)
        {
            if (_legs.Find(candidate, uniqueId) is { } leg)
            {
                return leg;
            }
        }

        MakeRoom();
        _orphans++;
        return _legs.Add(Nobody, uniqueId, _nowMilliseconds, isTrusted);
    }

    /// <summary>The correlation id for a leg's packets, and whether it is known.</summary>
    public CorrelationState Resolve(Leg leg, out ReadOnlySpan<byte> correlationId) => _correlator.Resolve(leg, out correlationId);

    /// <summary>Another id that the leg's packets are sent under as well; empty: none.</summary>
    public ReadOnlySpan<byte> SecondId(Leg? leg, scoped ReadOnlySpan<byte> first) => leg is null ? default : _correlator.Second(leg, first);

    /// <summary>Counts an event whose leg has no correlation id and will not get one.</summary>
    public void CountUncorrelated(Leg leg, CorrelationState state) => _counters.AddUncorrelated(ReasonOf(leg, state));

    /// <summary>
    /// Holds an event whose correlation id is pending, and returns the buffer for its snapshot. Limited per leg, in
    /// total, and in bytes.
    /// </summary>
    public Span<byte> Hold(Leg leg, int length, bool isTrusted, in T kept)
    {
        if (leg.HeldCount >= _options.HoldPerLeg)
        {
            DropFirst(leg, UncorrelatedReason.HoldLegFull);
        }

        while (_held.InTheWay(_options.HoldTotal, isTrusted) is { } oldest)
        {
            // A flood of forged legs must not push out events held for real calls.
            if (_legs.OldestUnconfirmed is { } unconfirmed && unconfirmed != leg)
            {
                DropHeld(unconfirmed, UncorrelatedReason.HoldFull);
                _counters.LegsEvicted++;
                Forget(unconfirmed);
                continue;
            }

            Leg owner = oldest.Leg;
            DropFirst(owner, UncorrelatedReason.HoldFull);
            if (owner != leg)
            {
                ForgetIfEmptyOrphan(owner);
            }
        }

        _counters.Held++;
        return _held.Add(leg, length, kept, isTrusted, _nowMilliseconds);
    }

    /// <summary>The leg has ended: it lingers. Its held events are resolved with what is known now, or dropped.</summary>
    public void End(Leg leg)
    {
        _legs.MarkDestroyed(leg, _nowMilliseconds);
        _relations?.End(leg);
        CorrelationState state = _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId);
        if (state == CorrelationState.Known)
        {
            Release(leg, correlationId);
        }
        else if (state != CorrelationState.Pending)
        {
            DropHeld(leg, ReasonOf(leg, state));
        }
    }

    /// <summary>Expires held events and lingering legs; called four times a second.</summary>
    public void Tick()
    {
        if (_options.Correlation != Correlation.Own)
        {
            ReleaseByOrigin(_held.OldestTrusted);
            ReleaseByOrigin(_held.OldestUntrusted);
        }

        long holdLimit = _nowMilliseconds - (long)_options.HoldTime.TotalMilliseconds;
        while (_held.Oldest is { } held && held.HeldSinceMilliseconds <= holdLimit)
        {
            Expire(held.Leg);
        }

        long lingerLimit = _nowMilliseconds - (long)_options.LegLinger.TotalMilliseconds;
        while (_legs.OldestDestroyed is { } destroyed && destroyed.LastSeenMilliseconds <= lingerLimit)
        {
            Forget(destroyed);
        }

        long ageLimit = _nowMilliseconds - (long)_options.MaxLegAge.TotalMilliseconds;
        while (_legs.OldestLive is { } live && live.LastSeenMilliseconds <= ageLimit)
        {
            Forget(live);
        }

        _counters.Legs = _legs.Count;
    }

    /// <summary>On shutdown: counts the events that are still held as lost.</summary>
    public void DropAllHeld()
    {
        while (_held.Oldest is { } held)
        {
            DropFirst(held.Leg, UncorrelatedReason.Shutdown);
        }
    }

    private static UncorrelatedReason ReasonOf(Leg leg, CorrelationState state) =>
        state == CorrelationState.NotSip ? UncorrelatedReason.NotSip
        : leg.IsDescribed ? UncorrelatedReason.NeverCame
        : UncorrelatedReason.OlderThanAgent;

    private void Release(Leg leg, scoped ReadOnlySpan<byte> correlationId)
    {
        while (_held.TakeFirst(leg) is { } held)
        {
            Release(leg, correlationId, held);
        }
    }

    private void Release(Leg leg, scoped ReadOnlySpan<byte> correlationId, HeldEvent<T> held)
    {
        _counters.Held--;
        long reported = _counters.Reported;
        _receiver(leg, correlationId, held.Snapshot.AsSpan(0, held.Length), held.Kept);
        _counters.ReportedAfterHold += _counters.Reported - reported;
        _left?.Invoke(held.Kept);
        _held.Return(held);
    }

    // With "aleg" it may have waited for its origin's Call-ID although it knows its own.
    private void Expire(Leg leg)
    {
        if (_correlator.ResolveOwn(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            Release(leg, correlationId);
        }
        else if (!leg.SpareCallId.IsEmpty && _held.TakeFirst(leg) is { } held)
        {
            Release(leg, leg.SpareCallId.Span, held);
        }
        else
        {
            DropFirst(leg, leg.IsDescribed ? UncorrelatedReason.HoldExpired : UncorrelatedReason.OlderThanAgent);
            ForgetIfEmptyOrphan(leg);
        }
    }

    // With "aleg" a leg may wait for another leg's Call-ID, so check again now and then.
    private void ReleaseByOrigin(HeldEvent? held)
    {
        while (held is not null)
        {
            Leg leg = held.Leg;
            HeldEvent? next = AgeList<HeldEvent>.NewerThan(held);
            if (held == leg.FirstHeld && _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
            {
                while (next is not null && next.Leg == leg)
                {
                    next = AgeList<HeldEvent>.NewerThan(next);
                }

                Release(leg, correlationId);
            }

            held = next;
        }
    }

    private void DropFirst(Leg leg, UncorrelatedReason reason)
    {
        if (_held.TakeFirst(leg) is { } held)
        {
            _counters.Held--;
            _counters.AddUncorrelated(reason);
            _left?.Invoke(held.Kept);
            _held.Return(held);
        }
    }

    private void DropHeld(Leg leg, UncorrelatedReason reason)
    {
        while (leg.HeldCount > 0)
        {
            DropFirst(leg, reason);
        }
    }

    private void MakeRoom()
    {
        while (_legs.IsFull && _legs.Oldest is { } oldest)
        {
            _counters.LegsEvicted++;
            Forget(oldest);
        }
    }

    private void OnSwitchEvicted(Switch evicted)
    {
        _counters.SwitchesEvicted++;
        ForgetLegs(evicted);
    }

    private void ForgetLegs(Switch gone)
    {
        while (gone.FirstLeg is { } leg)
        {
            Forget(leg);
        }
    }

    private void Forget(Leg leg)
    {
        DropHeld(leg, UncorrelatedReason.LegForgotten);
        _relations?.Forget(leg, _nowMilliseconds);
        _orphans -= leg.Switch == Nobody ? 1 : 0;
        _legs.Remove(leg);
    }

    // The first event of a channel: events held for its UUID move to it.
    private void Adopt(Leg leg)
    {
        if (_orphans > 0 && _legs.Find(Nobody, leg.UniqueId.Span) is { } orphan)
        {
            HoldQueue<T>.Move(orphan, leg);
            Forget(orphan);
        }
    }

    private void ForgetIfEmptyOrphan(Leg leg)
    {
        if (leg.HeldCount == 0 && leg.Switch == Nobody)
        {
            Forget(leg);
        }
    }
}
