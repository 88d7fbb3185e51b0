using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Calls;

/// <summary>
/// Tracks switches, legs and Call-IDs, and holds events until their Call-ID is known. The only place that correlates. Synchronous, requires
/// the pipeline's lock, and allocates nothing for a known leg.
/// </summary>
/// <typeparam name="T">Data stored with each held snapshot.</typeparam>
internal sealed class CallTracker<T>
{
    private const long LargestReorderInterval = 60_000;
    private readonly PipelineCounters _counters;
    private readonly BatchClock _clock;
    private readonly SwitchTable _switches;
    private readonly LegTable _legs;
    private readonly LegObserver _observer = new();
    private readonly Correlator _correlator;
    private readonly LegHold<T> _held;
    private readonly LegLifetimes<T> _lifetimes;
    private CallOptions _options;

    public CallTracker(CallOptions options, PipelineCounters counters, BatchClock clock, HeldReceiver<T> receiver, Action<T>? left = null)
    {
        (_options, _counters, _clock) = (options, counters, clock);
        _switches = new SwitchTable(OnSwitchEvicted);
        _legs = new LegTable(options.MaxLegs);
        _correlator = new Correlator(_legs, options);
        _held = new LegHold<T>(_correlator, counters, receiver, left);
        _lifetimes = new LegLifetimes<T>(_legs, _held, counters, clock);
        Facts = new LegFacts<T>(_legs, _correlator, _held);
        Apply(options);
    }

    /// <summary>Switches that events were received from.</summary>
    public IReadOnlyCollection<Switch> Switches => _switches.Values;

    /// <summary>The owner of legs whose switch is unknown.</summary>
    public Switch Nobody => _lifetimes.Nobody;

    /// <summary>Learns about channels that inputs name and describe themselves.</summary>
    public LegFacts<T> Facts { get; }

    /// <summary>From now on, learns which Call-IDs belong together.</summary>
    public void Join(DialogTable dialogs) => _lifetimes.Relations ??= new LegRelations(_legs, dialogs);

    public void Apply(CallOptions options)
    {
        _options = options;
        _legs.Capacity = options.MaxLegs;
        _legs.ReorderInterval = (long)Math.Min(options.MaxLegAge.TotalMilliseconds / 16, LargestReorderInterval);
        _correlator.Options = options;
        _observer.SetCallIdVariable(options.CallIdVariable);
    }

    /// <summary>
    /// The switch that sent an event. Log lines and hand-made events may not name one; those are attributed to <paramref name="connected"/>.
    /// </summary>
    /// <param name="e">The event.</param>
    /// <param name="connected">The switch that the input is connected to.</param>
    /// <param name="isSingleSwitch">Whether the input has only that switch.</param>
    public Switch? FindSwitch(scoped in FreeSwitchEvent e, Switch? connected, bool isSingleSwitch)
    {
        bool isNameless = e.Kind == EventKind.Log || (isSingleSwitch && e.Get(KnownHeader.CoreUuid).IsEmpty);
        return isNameless ? connected : _switches.Find(e, _clock.Milliseconds);
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
        _lifetimes.Forget(gone);
    }

    /// <summary>Updates the leg from an event and releases events held for it. Null if the event has no leg.</summary>
    public Leg? Observe(scoped in FreeSwitchEvent e, Switch owner, bool isTrusted)
    {
        if (_legs.Bytes > LegTable.MaxBytes)
        {
            _lifetimes.MakeRoom();
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
            _lifetimes.Forget(leg);
            leg = null;
        }

        if (leg is null)
        {
            // Channel states also arrive after the channel's end; they create no leg.
            if (e.Kind is EventKind.Other or EventKind.ChannelState or EventKind.ChannelCallState or EventKind.PresenceIn or EventKind.BackgroundJob)
            {
                return null;
            }

            leg = _lifetimes.Add(owner, uniqueId, isTrusted);
        }
        else if (e.Kind == EventKind.ChannelData && leg.IsDestroyed)
        {
            return leg;
        }
        else
        {
            _legs.Touch(leg, _clock.Milliseconds);
        }

        _observer.Observe(leg, e);
        _lifetimes.Relations?.Observe(leg, e, _clock.Milliseconds);

        // With "aleg" and "both", even if nothing is held: the origin has to be fixed while it is still known.
        if ((leg.Held.Count > 0 || _options.Correlation != Correlation.Own)
            && _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            _held.Release(leg, correlationId);
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

    /// <summary>The leg of the channel that a CUSTOM event refers to, if known: a voicemail's UUID is that of a call that may have ended long ago.</summary>
    public Leg? FindNamed(scoped in FreeSwitchEvent e, Switch owner)
    {
        if (e.Kind != EventKind.Custom || !e.Get(KnownHeader.UniqueId).IsEmpty)
        {
            return null;
        }

        HeaderValue id = NamedChannels.Find(e);
        return id.IsEmpty ? null : _legs.Find(owner, id.Decode(stackalloc byte[EventLimits.MaxId]));
    }

    /// <summary>The leg with this UUID on any switch. If it has no events yet, its held events move to the real leg once it appears.</summary>
    public Leg FindOrAdd(ReadOnlySpan<byte> uniqueId, bool isTrusted)
    {
        if (_lifetimes.FindOrphan(uniqueId) is { } orphan)
        {
            _legs.Touch(orphan, _clock.Milliseconds);
            return orphan;
        }

        foreach (Switch candidate in _switches.Values)
        {
            if (_legs.Find(candidate, uniqueId) is { } leg)
            {
                return leg;
            }
        }

        return _lifetimes.AddOrphan(uniqueId, isTrusted);
    }

    /// <summary>The correlation id for a leg's packets, and whether it is known.</summary>
    public CorrelationState Resolve(Leg leg, out ReadOnlySpan<byte> correlationId) => _correlator.Resolve(leg, out correlationId);

    /// <summary>Another id that the leg's packets are sent under as well; empty: none.</summary>
    public ReadOnlySpan<byte> SecondId(Leg? leg, scoped ReadOnlySpan<byte> first) => leg is null ? default : _correlator.Second(leg, first);

    /// <summary>Counts an event whose leg has no correlation id and will not get one.</summary>
    public void CountUncorrelated(Leg leg, CorrelationState state) => _counters.AddUncorrelated(ReasonOf(leg, state));

    /// <summary>Holds an event whose correlation id is pending, and returns the buffer for its snapshot. Limited per leg, in total, and in bytes.</summary>
    public Span<byte> Hold(Leg leg, int length, bool isTrusted, in T kept)
    {
        if (leg.Held.Count >= _options.HoldPerLeg)
        {
            _held.DropFirst(leg, UncorrelatedReason.HoldLegFull);
        }

        while (_held.InTheWay(_options.HoldTotal, isTrusted) is { } oldest)
        {
            // A flood of forged legs must not push out events held for real calls.
            if (_legs.OldestUnconfirmed is { } unconfirmed && unconfirmed != leg)
            {
                _held.Drop(unconfirmed, UncorrelatedReason.HoldFull);
                _lifetimes.Evict(unconfirmed);
                continue;
            }

            Leg owner = oldest.Leg;
            _held.DropFirst(owner, UncorrelatedReason.HoldFull);
            if (owner != leg)
            {
                _lifetimes.ForgetIfEmptyOrphan(owner);
            }
        }

        return _held.Add(leg, length, kept, isTrusted, _clock.Milliseconds);
    }

    /// <summary>The leg has ended: it lingers. Its held events are resolved with what is known now, or dropped.</summary>
    public void End(Leg leg)
    {
        _legs.MarkDestroyed(leg, _clock.Milliseconds);
        _lifetimes.Relations?.End(leg);
        CorrelationState state = _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId);
        if (state == CorrelationState.Known)
        {
            _held.Release(leg, correlationId);
        }
        else if (state != CorrelationState.Pending)
        {
            _held.Drop(leg, ReasonOf(leg, state));
        }
    }

    /// <summary>Expires held events and lingering legs; called four times a second.</summary>
    public void Tick()
    {
        if (_options.Correlation != Correlation.Own)
        {
            _held.ReleaseByOrigin();
        }

        long holdLimit = _clock.Milliseconds - (long)_options.HoldTime.TotalMilliseconds;
        while (_held.Oldest is { } held && held.SinceMilliseconds <= holdLimit)
        {
            Leg leg = held.Leg;
            if (_held.Expire(leg))
            {
                _lifetimes.ForgetIfEmptyOrphan(leg);
            }
        }

        _lifetimes.Expire(_options.LegLinger, _options.MaxLegAge);
    }

    /// <summary>On shutdown: counts the events that are still held as lost.</summary>
    public void DropAllHeld()
    {
        while (_held.Oldest is { } held)
        {
            _held.DropFirst(held.Leg, UncorrelatedReason.Shutdown);
        }
    }

    private static UncorrelatedReason ReasonOf(Leg leg, CorrelationState state) =>
        state == CorrelationState.NotSip ? UncorrelatedReason.NotSip
        : leg.IsDescribed ? UncorrelatedReason.NeverCame
        : UncorrelatedReason.OlderThanAgent;

    private void OnSwitchEvicted(Switch evicted)
    {
        _counters.SwitchesEvicted++;
        _lifetimes.Forget(evicted);
    }
}
