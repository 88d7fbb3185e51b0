using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Outputs;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Pipelines;

/// <summary>
/// The way of one event: leg → wanted? → hold, or report → outputs. One in a process, one lock, taken once a received batch. Synchronous,
/// knows no socket, and allocates nothing for an event of a known leg.
/// </summary>
internal sealed class Pipeline
{
    private const long ClockWarningMicroseconds = 2_000_000;
    private const long ClockWarningInterval = 3_600_000;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly EventParser _heldParser = new();
    private readonly SwitchTable _switches = new();
    private readonly LegTable _legs;
    private readonly LegObserver _observer = new();
    private readonly Correlator _correlator;
    private readonly HoldQueue _held = new();
    private readonly EventClock _clock;
    private readonly PacketSink _sink;
    private readonly IReport[] _reports;
    private readonly Switch _nobody = new([], -1);
    private CallOptions _options;
    private DuplicateFilter? _duplicates;
    private long _nowMicroseconds;
    private long _nowMilliseconds;
    private bool _inBatch;

    public Pipeline(CallOptions options, TimeProvider time, ILogger<Pipeline> log)
    {
        _time = time;
        _log = log;
        _options = options;
        _legs = new LegTable(options.MaxLegs);
        _correlator = new Correlator(_legs, options);
        _clock = new EventClock(Counters);
        _sink = new PacketSink(Counters);
        _reports =
        [
            new CallReport(), new RtcpReport(Counters), new QosReport(), new RegistrationReport(new RegistrationChanges()), new CustomReport(),
            new LogReport(),
        ];
        Apply(options);
    }

    /// <summary>Everything here is called under this lock.</summary>
    public Lock Gate { get; } = new();

    public PipelineCounters Counters { get; } = new();

    /// <summary>Where each user is registered.</summary>
    public RegistrationTable Registrations { get; } = new();

    /// <summary>The switches that events came from.</summary>
    public IReadOnlyList<Switch> Switches => _switches.All;

    /// <summary>Where packets go.</summary>
    public IOutput[] Outputs
    {
        get => _sink.Outputs;
        set => _sink.Outputs = value;
    }

    /// <summary>With two or more inputs the same event may come twice: it is then known by switch and sequence.</summary>
    public bool FilterDuplicates
    {
        get => _duplicates is not null;
        set => _duplicates = value ? _duplicates ?? new DuplicateFilter() : null;
    }

    /// <summary>Goes by new options from now on.</summary>
    public void Apply(CallOptions options)
    {
        _options = options;
        _legs.Capacity = options.MaxLegs;
        _correlator.Options = options;
        _observer.SetCallIdVariable(options.CallIdVariable);
        _clock.MaxSkewMicroseconds = options.MaxClockSkew.Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>Takes one event. True: it waits, and nothing but RTCP or log lines is known of its channel: it should be asked for.</summary>
    public bool Process(scoped in FreeSwitchEvent e, InputBinding input)
    {
        if (!_inBatch)
        {
            BeginBatch();
        }

        Counters.Received++;
        input.Received++;
        if (FindOwner(e, input) is not { } owner)
        {
            // A log line before the first event: nothing tells whose it is.
            Counters.AddUncorrelated(UncorrelatedReason.NoLeg);
            return false;
        }

        if (e.Wrapping == 0 && input.Switch != owner)
        {
            // One event socket has one switch: under a new Core-UUID it was restarted, and its calls are gone.
            if (input is { SpeaksWithOneSwitch: true, Switch: { } earlier })
            {
                ForgetSwitch(earlier);
            }

            input.Switch = owner;
        }

        EventClock.LearnOffset(e, owner);

        if (e.Kind == EventKind.Heartbeat)
        {
            ObserveHeartbeat(e, owner);
        }

        bool isWanted = IsWanted(e, input.Plan);
        Sighting sighting = Note(e, owner, isWanted);
        if (sighting == Sighting.Repeated)
        {
            Counters.Duplicate++;
            return false;
        }

        // What came first has taught all there is; a slower way's copy would put older figures over newer ones, or bring an ended leg back.
        Leg? leg = sighting == Sighting.First ? Observe(e, owner) : FindLeg(e, owner);
        if (e.Kind == EventKind.ChannelData)
        {
            // A dump that was asked for: it teaches, and nothing else.
            Counters.ObservedOnly++;
            return false;
        }

        if (sighting == Sighting.First)
        {
            Registrations.Observe(e, owner.Name, _time.GetUtcNow());
        }

        if (e.Kind == EventKind.ChannelDestroy && leg is not null)
        {
            _legs.MarkDestroyed(leg, _nowMilliseconds);
            ReleaseOrDrop(leg);
        }

        if (!isWanted)
        {
            CountUnwanted(e);
        }
        else
        {
            Route(e, owner, leg, input);
        }

        return leg is { HeldCount: > 0, IsDescribed: false };
    }

    /// <summary>Bytes that were no event.</summary>
    public void CountMalformed(InputBinding input, EventRejection reason)
    {
        Counters.AddMalformed(reason);
        Counters.Received++;
        input.Received++;
        input.Malformed++;
    }

    /// <summary>A switch of the network came, went or was restarted.</summary>
    public void ReportPeer(InputBinding input, scoped ReadOnlySpan<byte> state, byte[] name, HepAddress address)
    {
        if (!_inBatch)
        {
            BeginBatch();
        }

        var context = new ReportContext
        {
            Plan = input.Plan,
            Switch = _switches.FindByName(name) ?? _nobody,
            CorrelationId = name,
            Time = new EventTime(_nowMicroseconds, 0),
        };
        PeerReport.Write(context, state, address, _sink);
    }

    /// <summary>A switch was restarted: the calls that it had under its earlier Core-UUID are gone.</summary>
    public void ForgetSwitch(scoped ReadOnlySpan<byte> coreUuid)
    {
        if (!coreUuid.IsEmpty && _switches.Find(coreUuid) is { } earlier)
        {
            ForgetSwitch(earlier);
        }
    }

    /// <summary>The end of a received batch: packets leave, and the clock is read anew for the next one.</summary>
    public void EndBatch()
    {
        _sink.Flush();
        _inBatch = false;
    }

    /// <summary>Ages what waits and what lingers; a few times a second.</summary>
    public void Tick()
    {
        BeginBatch();
        if (_options.Correlation == Correlation.ALeg)
        {
            ReleaseByOrigin();
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

        Counters.Legs = _legs.Count;
        EndBatch();
    }

    /// <summary>The agent stops: what still waits is counted as lost.</summary>
    public void DropAllHeld()
    {
        while (_held.Oldest is { } held)
        {
            DropFirst(held.Leg, UncorrelatedReason.Shutdown);
        }
    }

    private void BeginBatch()
    {
        _nowMilliseconds = (long)_time.GetElapsedTime(0).TotalMilliseconds;
        _nowMicroseconds = (_time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        _inBatch = true;
    }

    // With one input nothing comes twice. The answer to a question about a channel is asked for by one input alone.
    private Sighting Note(scoped in FreeSwitchEvent e, Switch owner, bool isWanted) =>
        _duplicates is not null && e.Kind != EventKind.ChannelData && e.Get(KnownHeader.EventSequence).TryParseInt64(out long sequence)
            ? _duplicates.Note(owner.Index, sequence, isWanted)
            : Sighting.First;

    private Leg? FindLeg(scoped in FreeSwitchEvent e, Switch owner)
    {
        Span<byte> scratch = stackalloc byte[256];
        return _legs.Find(owner, e.Get(KnownHeader.UniqueId).Decode(scratch));
    }

    // A log line names no switch, and an event that somebody made by hand may not: they are of the one that the event socket speaks with.
    private Switch? FindOwner(scoped in FreeSwitchEvent e, InputBinding input)
    {
        bool isNameless = e.Kind == EventKind.Log || (input.SpeaksWithOneSwitch && e.Get(KnownHeader.CoreUuid).IsEmpty);
        return isNameless ? input.Switch : _switches.Find(e, _nowMilliseconds);
    }

    private Leg? Observe(scoped in FreeSwitchEvent e, Switch owner)
    {
        HeaderValue id = e.Get(e.Kind == EventKind.Log ? KnownHeader.UserData : KnownHeader.UniqueId);
        if (id.IsEmpty)
        {
            return null;
        }

        Span<byte> scratch = stackalloc byte[256];
        ReadOnlySpan<byte> uniqueId = id.Decode(scratch);
        Leg? leg = _legs.Find(owner, uniqueId);
        if (leg is { IsDestroyed: true } && e.Kind == EventKind.ChannelCreate)
        {
            // A dialplan may give a new channel the UUID of one that has just ended (origination_uuid).
            Forget(leg);
            leg = null;
        }

        if (leg is null)
        {
            // States of a channel come after its end as well: they make no leg.
            if (e.Kind is EventKind.Other or EventKind.ChannelState or EventKind.ChannelCallState or EventKind.PresenceIn or EventKind.BackgroundJob)
            {
                return null;
            }

            MakeRoom();
            leg = _legs.Add(owner, uniqueId, _nowMilliseconds);
            Counters.LegsSeen++;
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
        // With "aleg" also if nothing waits: the origin is fixed while it is still known.
        if ((leg.HeldCount > 0 || _options.Correlation == Correlation.ALeg)
            && _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            Release(leg, correlationId);
        }

        return leg;
    }

    private void MakeRoom()
    {
        while (_legs.Count >= _legs.Capacity && _legs.Oldest is { } oldest)
        {
            Counters.LegsEvicted++;
            Forget(oldest);
        }
    }

    private bool IsWanted(scoped in FreeSwitchEvent e, ReportPlan plan)
    {
        foreach (IReport report in _reports)
        {
            if (report.Wants(e, plan))
            {
                return true;
            }
        }

        return false;
    }

    private void CountUnwanted(scoped in FreeSwitchEvent e)
    {
        if (e.Kind is (>= EventKind.ChannelCreate and <= EventKind.ChannelDestroy) or EventKind.CallUpdate or EventKind.Heartbeat or EventKind.SendRtcp)
        {
            Counters.ObservedOnly++;
        }
        else
        {
            Counters.Filtered++;
        }
    }

    // Under a Call-ID to the reports, or into the queue of the leg, or counted as having none.
    private void Route(scoped in FreeSwitchEvent e, Switch owner, Leg? leg, InputBinding input)
    {
        if (leg is null)
        {
            HeaderValue own = EventText.FirstOf(e, KnownHeader.RegistrationCallId, KnownHeader.VariableSipCallId);
            if (own.IsEmpty)
            {
                Counters.AddUncorrelated(UncorrelatedReason.NoLeg);
                return;
            }

            Span<byte> scratch = stackalloc byte[1_024];
            Report(e, owner, leg: null, own.Decode(scratch), input);
            return;
        }

        switch (_correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                Report(e, owner, leg, correlationId, input);
                break;
            case CorrelationState.Pending:
                Hold(e, leg, input);
                break;
            case CorrelationState.NotSip:
                Counters.AddUncorrelated(UncorrelatedReason.NotSip);
                break;
            default:
                Counters.AddUncorrelated(leg.IsDescribed ? UncorrelatedReason.NeverCame : UncorrelatedReason.OlderThanAgent);
                break;
        }
    }

    private void Report(scoped in FreeSwitchEvent e, Switch owner, Leg? leg, scoped ReadOnlySpan<byte> correlationId, InputBinding input)
    {
        var context = new ReportContext
        {
            Plan = input.Plan,
            Switch = owner,
            Leg = leg,
            CorrelationId = correlationId,
            Time = _clock.Read(e, owner, _nowMicroseconds),
        };
        bool any = false;
        foreach (IReport report in _reports)
        {
            any |= report.Wants(e, input.Plan) && report.Write(e, context, _sink);
        }

        if (any)
        {
            Counters.Reported++;
        }
        else
        {
            CountUnwanted(e);
        }
    }

    private void Hold(scoped in FreeSwitchEvent e, Leg leg, InputBinding input)
    {
        if (leg.HeldCount >= _options.HoldPerLeg)
        {
            DropFirst(leg, UncorrelatedReason.HoldLegFull);
        }

        while (_held.IsFull(_options.HoldTotal) && _held.Oldest is { } oldest)
        {
            DropFirst(oldest.Leg, UncorrelatedReason.HoldFull);
        }

        _held.Add(leg, e, input, _nowMilliseconds);
        Counters.Held++;
    }

    private void Release(Leg leg, scoped ReadOnlySpan<byte> correlationId)
    {
        while (_held.TakeFirst(leg) is { } held)
        {
            Counters.Held--;
            FreeSwitchEvent e = EventSnapshot.Read(held.Snapshot.AsSpan(0, held.Length), _heldParser);
            long reported = Counters.Reported;
            Report(e, leg.Switch, leg, correlationId, (InputBinding)held.Input);
            Counters.ReportedAfterHold += Counters.Reported - reported;
            _held.Return(held);
        }
    }

    // The leg has ended: what still waits goes by what is known now, or not at all.
    private void ReleaseOrDrop(Leg leg)
    {
        switch (_correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                Release(leg, correlationId);
                break;
            case CorrelationState.NotSip:
                DropHeld(leg, UncorrelatedReason.NotSip);
                break;
            case CorrelationState.NeverCame:
                DropHeld(leg, leg.IsDescribed ? UncorrelatedReason.NeverCame : UncorrelatedReason.OlderThanAgent);
                break;
        }
    }

    // With "aleg" it may have waited for its origin's Call-ID and know its own.
    private void Expire(Leg leg)
    {
        if (_correlator.ResolveOwn(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            Release(leg, correlationId);
        }
        else
        {
            DropFirst(leg, leg.IsDescribed ? UncorrelatedReason.HoldExpired : UncorrelatedReason.OlderThanAgent);
        }
    }

    // With "aleg" a leg may wait for another one's Call-ID: looked at again from time to time.
    private void ReleaseByOrigin()
    {
        HeldEvent? held = _held.Oldest;
        while (held is not null)
        {
            Leg leg = held.Leg;
            HeldEvent? next = held.Newer;
            if (held == leg.FirstHeld && _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
            {
                while (next is not null && next.Leg == leg)
                {
                    next = next.Newer;
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
            Counters.Held--;
            Counters.AddUncorrelated(reason);
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

    private void ForgetSwitch(Switch gone)
    {
        foreach (Leg leg in _legs.Of(gone))
        {
            Forget(leg);
        }

        _switches.Remove(gone);
    }

    private void Forget(Leg leg)
    {
        DropHeld(leg, UncorrelatedReason.LegForgotten);
        _legs.Remove(leg);
    }

    private void ObserveHeartbeat(scoped in FreeSwitchEvent e, Switch owner)
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
            Log.SwitchClockOff(_log, owner.Name, owner.ClockDifferenceMicroseconds / 1_000_000.0);
        }
    }
}
