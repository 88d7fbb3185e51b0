using System.Numerics;
using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Outputs;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Pipeline;

/// <summary>
/// Takes each event from leg to selection, then to the hold or to reports and outputs. One per process, with one lock,
/// taken once per received batch. Synchronous, knows no socket, and allocates nothing for an event of a known leg.
/// </summary>
internal sealed partial class EventPipeline
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventParser _heldParser = new();
    private readonly CallTracker<Held> _calls;
    private readonly RegistrationAttempts _attempts = new();
    private readonly RegistrationFailureLimit _failureLimit = new();
    private readonly EventClock _clock;
    private readonly PacketSink _sink;
    private readonly PacketPassage _passage;
    private readonly IReport[] _reports;
    private DuplicateFilter? _duplicates;
    private long _nowMicroseconds;
    private long _nowMilliseconds;
    private bool _inBatch;

    public EventPipeline(CallOptions options, TimeProvider time, ILogger<EventPipeline> logger)
    {
        _time = time;
        _logger = logger;
        _calls = new CallTracker<Held>(options, Counters, logger, ReportHeld, static held => held.Input.Settled?.Invoke(held.Receipt));
        _clock = new EventClock(Counters);
        _sink = new PacketSink(Counters, logger);
        _passage = new PacketPassage(_sink, Counters);
        _reports = [.. ReportKind.All.Select(kind => kind.Create(Counters))];
        Apply(options);
    }

    /// <summary>The lock that every member requires.</summary>
    public Lock Gate { get; } = new();

    public PipelineCounters Counters { get; } = new();

    /// <summary>Where each user is registered.</summary>
    public RegistrationTable Registrations { get; } = new();

    /// <summary>Switches that events were received from.</summary>
    public IReadOnlyCollection<Switch> Switches => _calls.Switches;

    /// <summary>Where packets go.</summary>
    public IOutput[] Outputs
    {
        get => _sink.Outputs;
        set => _sink.Outputs = value;
    }

    /// <summary>
    /// Whether the same event may arrive twice, as with two or more inputs: it is then recognized by switch and
    /// sequence.
    /// </summary>
    public bool FilterDuplicates
    {
        get => _duplicates is not null;
        set => _duplicates = value ? _duplicates ?? new DuplicateFilter() : null;
    }

    /// <summary>Applies new options.</summary>
    public void Apply(CallOptions options)
    {
        _calls.Apply(options);
        _clock.MaxSkewMicroseconds = options.MaxClockSkew.Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>
    /// Processes one event. True if it is held and only RTCP or log lines of its channel are known: its details should
    /// be requested.
    /// </summary>
    public bool Process(scoped in FreeSwitchEvent e, InputBinding input)
    {
        CountReceived(input);
        if (e.Kind == EventKind.Log && !input.Plan.Options.LogEvents && !IceRemote.IsChange(e))
        {
            // Requested for its media addresses only.
            Counters.Filtered++;
            return false;
        }

        if (_calls.FindSwitch(e, input.Switch, input.IsSingleSwitch) is not { } owner)
        {
            // A log line before the first event: its switch is unknown.
            Counters.AddUncorrelated(UncorrelatedReason.NoLeg);
            return false;
        }

        if (e.Wrapping == 0 && input.Switch != owner)
        {
            // An event socket has one switch: a new Core-UUID means that it restarted and its calls are gone.
            if (input is { IsSingleSwitch: true, Switch: { } earlier })
            {
                _calls.ForgetSwitch(earlier);
            }

            input.Switch = owner;
        }

        EventClock.LearnOffset(e, owner);

        if (e.Kind == EventKind.Heartbeat)
        {
            _calls.ObserveHeartbeat(e, owner);
        }

        uint reports = input.Plan.Match(e);
        DuplicateResult sighting = Record(e, owner, isWanted: reports != 0);
        if (sighting == DuplicateResult.Repeated)
        {
            Counters.Duplicate++;
            return false;
        }

        // The first copy taught everything; a slower input's copy would overwrite newer figures, or revive an ended
        // leg.
        Leg? leg = (sighting == DuplicateResult.First ? _calls.Observe(e, owner, input.IsTrusted) : _calls.Find(e, owner)) ?? _calls.FindNamed(e, owner);
        if (e.Kind == EventKind.ChannelData)
        {
            // A requested channel dump: only updates the leg.
            Counters.ObservedOnly++;
            return false;
        }

        if (sighting == DuplicateResult.First)
        {
            Registrations.Observe(e, owner.Name, _time.GetUtcNow(), input.IsTrusted);
            if (e.Kind == EventKind.RegisterAttempt)
            {
                _attempts.Observe(e, owner, _nowMilliseconds);
            }
        }

        if (e.Kind == EventKind.ChannelDestroy && leg is not null)
        {
            _calls.End(leg);
        }

        if (reports == 0)
        {
            CountUnwanted(e);
        }
        else
        {
            Route(e, owner, leg, input, reports);
        }

        return leg is { HeldCount: > 0, IsDescribed: false };
    }

    /// <summary>Processes one ready payload: reported at once, or held like an event until its channel's Call-ID is known.</summary>
    public void ProcessPayload(scoped in ReadyPayload payload, InputBinding input)
    {
        CountReceived(input);
        if (payload.CallId.Length > EventLimits.MaxCallId || payload.ChannelUuid.Length > EventLimits.MaxId || (payload.CallId.IsEmpty && payload.ChannelUuid.IsEmpty))
        {
            Counters.AddUncorrelated(UncorrelatedReason.NoLeg);
            return;
        }

        if (!payload.CallId.IsEmpty)
        {
            ReportReady(payload, null, payload.CallId, input);
            return;
        }

        Leg leg = _calls.FindOrAdd(payload.ChannelUuid, input.IsTrusted);
        switch (_calls.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                ReportReady(payload, leg, correlationId, input);
                break;
            case CorrelationState.Pending:
                payload.WriteSnapshot(_calls.Hold(leg, payload.SnapshotLength, input.IsTrusted, new Held(input, IsPayload: true)));
                break;
            case var state:
                _calls.CountUncorrelated(leg, state);
                break;
        }
    }

    /// <summary>Passes one whole, checked HEP3 packet to every output, changed only as the input's options say. Counts as one event received and reported, or held.</summary>
    /// <param name="packet">The packet, without bytes behind its end.</param>
    /// <param name="kind">For back-pressure and counters.</param>
    /// <param name="input">Where it came from.</param>
    /// <param name="source">For an IPv6 source address that is zero; default: it stays.</param>
    /// <param name="destination">For an IPv6 destination address that is zero; default: it stays.</param>
    public void ProcessPacket(ReadOnlySpan<byte> packet, PacketKind kind, InputBinding input, HepAddress source = default, HepAddress destination = default)
    {
        CountReceived(input);
        _passage.Pass(packet, new PacketPassage.Kept(input, kind, source, destination), _calls.Switches.Count > 0, _nowMilliseconds);
    }

    /// <summary>From now on, learns which legs belong together: <c>sip_correlation: joined</c>.</summary>
    public void JoinSip() => _calls.Join(_passage.Dialogs);

    /// <summary>Releases packets that have waited for another leg long enough; called every <see cref="SipJoiner.TickMilliseconds"/>.</summary>
    public void ReleaseWaitingPackets()
    {
        BeginBatch();
        _passage.Tick(_nowMilliseconds);
        EndBatch();
    }

    /// <summary>Counts data left out by an input's own filter, such as a line below its level.</summary>
    public void CountFiltered(InputBinding input)
    {
        CountReceived(input);
        Counters.Filtered++;
    }

    /// <summary>Counts data that was not an event.</summary>
    public void CountMalformed(InputBinding input, EventRejection reason)
    {
        CountReceived(input);
        Counters.AddMalformed(reason);
        input.Malformed++;
    }

    /// <summary>Reports that a switch came up, went down or restarted.</summary>
    public void ReportPeer(InputBinding input, scoped ReadOnlySpan<byte> state, byte[] name, HepAddress address)
    {
        if (!_inBatch)
        {
            BeginBatch();
        }

        ReportContext context = new()
        {
            Plan = input.Plan,
            Switch = _calls.FindSwitch(name),
            CorrelationId = name,
            Time = new EventTime(_nowMicroseconds, 0),
        };
        PeerReport.Write(context, state, address, _sink);
    }

    /// <summary>Forgets a restarted switch: the calls under its previous Core-UUID are gone.</summary>
    public void ForgetSwitch(scoped ReadOnlySpan<byte> coreUuid) => _calls.ForgetSwitch(coreUuid);

    /// <summary>Expires held events and lingering legs; called four times a second.</summary>
    public void Tick()
    {
        BeginBatch();
        _calls.Tick();
        _passage.Tick(_nowMilliseconds);
        EndBatch();
    }

    /// <summary>On shutdown: counts the events that are still held as lost, and passes the packets that are.</summary>
    public void DropAllHeld()
    {
        _calls.DropAllHeld();
        _passage.ReleaseEverything();
    }

    /// <summary>Ends a received batch: sends its packets, and reads the clock again for the next one.</summary>
    public void EndBatch()
    {
        _sink.Flush();
        _inBatch = false;
    }

    private void BeginBatch()
    {
        _nowMilliseconds = (long)_time.GetElapsedTime(0).TotalMilliseconds;
        _nowMicroseconds = (_time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        _calls.SetTime(_nowMilliseconds, _nowMicroseconds);
        _inBatch = true;
    }

    // With one input there are no duplicates. Only one input requests a channel's details, so its answer is unique,
    // too.
    private DuplicateResult Record(scoped in FreeSwitchEvent e, Switch owner, bool isWanted) =>
        _duplicates is not null && e.Kind != EventKind.ChannelData && e.Get(KnownHeader.EventSequence).TryParseInt64(out long sequence)
            ? _duplicates.Record(owner.Index, sequence, isWanted)
            : DuplicateResult.First;

    private void CountUnwanted(scoped in FreeSwitchEvent e)
    {
        if (e.Kind is (>= EventKind.ChannelCreate and <= EventKind.ChannelDestroy) or EventKind.CallUpdate or EventKind.Heartbeat or EventKind.SendRtcp
            or EventKind.RegisterAttempt or EventKind.Log)
        {
            Counters.ObservedOnly++;
        }
        else
        {
            Counters.Filtered++;
        }
    }

    // To the reports with its Call-ID, into the leg's hold queue, or counted as uncorrelated.
    private void Route(scoped in FreeSwitchEvent e, Switch owner, Leg? leg, InputBinding input, uint reports)
    {
        if (e.Kind == EventKind.RegisterFailure)
        {
            RouteRegistrationFailure(e, owner, input, reports);
            return;
        }

        if (leg is null)
        {
            HeaderValue own = EventText.FirstOf(e, KnownHeader.RegistrationCallId, KnownHeader.VariableSipCallId);
            if (own.IsEmpty)
            {
                Counters.AddUncorrelated(UncorrelatedReason.NoLeg);
                return;
            }

            Span<byte> scratch = stackalloc byte[EventLimits.MaxCallId];
            Report(e, owner, leg: null, own.DecodeId(scratch), input, reports);
            return;
        }

        switch (_calls.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                Report(e, owner, leg, correlationId, input, reports);
                break;
            case CorrelationState.Pending:
                bool keepAll = input.Plan.HasCallHeaders;
                EventSnapshot.Write(e, _calls.Hold(leg, EventSnapshot.Measure(e, keepAll), input.IsTrusted, new Held(input, IsPayload: false, input.Receipt)), keepAll);
                input.IsHeld = true;
                break;
            case var state:
                _calls.CountUncorrelated(leg, state);
                break;
        }
    }

    private void RouteRegistrationFailure(scoped in FreeSwitchEvent e, Switch owner, InputBinding input, uint reports)
    {
        ReadOnlySpan<byte> callId = e.Get(KnownHeader.RegistrationCallId).Decode(stackalloc byte[1_024]);
        callId = callId.IsEmpty ? _attempts.Take(e, owner, _nowMilliseconds) : callId;
        if (callId.IsEmpty)
        {
            Counters.AddUncorrelated(UncorrelatedReason.RegistrationUnmatched);
            return;
        }

        _ = HepAddress.TryParse(e.Get(KnownHeader.NetworkIp).Decode(stackalloc byte[64]), out HepAddress address);
        if (_failureLimit.Allows(address, _nowMilliseconds, out bool isFirst))
        {
            Report(e, owner, leg: null, callId, input, reports);
            return;
        }

        Counters.AddUncorrelated(UncorrelatedReason.RegistrationLimit);
        if (isFirst)
        {
            Log.RegistrationFailures(_logger, RegistrationFailureLimit.PerAddress, RegistrationFailureLimit.Total, owner.Name, address.ToString());
        }
    }

    private void Report(scoped in FreeSwitchEvent e, Switch owner, Leg? leg, scoped ReadOnlySpan<byte> correlationId, InputBinding input, uint reports)
    {
        ReportContext context = new()
        {
            Plan = input.Plan,
            Switch = owner,
            Leg = leg,
            CorrelationId = correlationId,
            SecondCorrelationId = _calls.SecondId(leg, correlationId),
            Time = _clock.Read(e, owner, _nowMicroseconds),
        };
        bool any = false;
        for (uint rest = reports; rest != 0; rest &= rest - 1)
        {
            any |= _reports[BitOperations.TrailingZeroCount(rest)].Write(e, context, _sink);
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

    // Held events and payloads each take their own path, with the plan that their input has now.
    private void ReportHeld(Leg leg, scoped ReadOnlySpan<byte> correlationId, ReadOnlySpan<byte> snapshot, in Held held)
    {
        if (held.IsPayload)
        {
            ReportReady(ReadyPayload.ReadSnapshot(snapshot), leg, correlationId, held.Input);
            return;
        }

        FreeSwitchEvent e = EventSnapshot.Read(snapshot, _heldParser);
        Report(e, leg.Switch, leg, correlationId, held.Input, held.Input.Plan.Match(e));
    }

    private void CountReceived(InputBinding input)
    {
        if (!_inBatch)
        {
            BeginBatch();
        }

        Counters.Received++;
        input.Received++;
    }

    private void ReportReady(scoped in ReadyPayload payload, Leg? leg, scoped ReadOnlySpan<byte> correlationId, InputBinding input)
    {
        leg = leg?.Switch == _calls.Nobody ? null : leg;
        ReportContext context = new()
        {
            Plan = input.Plan,
            Switch = leg?.Switch ?? _calls.Nobody,
            Leg = leg,
            CorrelationId = correlationId,
            SecondCorrelationId = _calls.SecondId(leg, correlationId),
            Time = new EventTime(_clock.Check(payload.UnixMicroseconds, _nowMicroseconds), leg?.Switch.UtcOffsetMinutes ?? 0),
        };
        ReadyReport.Write(payload, context, _sink);
        Counters.Reported++;
    }

    /// <summary>Data stored with a held snapshot.</summary>
    private readonly record struct Held(InputBinding Input, bool IsPayload, long Receipt = 0);
}
