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
/// Takes each event from leg to selection, then to the hold or to reports and outputs. One per process, with one lock;
/// inputs parse outside it. Synchronous, knows no socket, and allocates nothing for an event of a known leg.
/// </summary>
internal sealed class EventPipeline
{
    private readonly TimeProvider _time;
    private readonly BatchClock _clock;
    private readonly EventClock _eventTimes;
    private readonly SwitchClockWatch _switchClocks;
    private readonly CallTracker<HeldItem> _calls;
    private readonly RegistrationFailures _registrationFailures;
    private readonly PacketSink _sink;
    private readonly EventReporter _reporter;
    private readonly EventRouter _router;
    private readonly PacketPassage _passage;
    private DuplicateFilter? _duplicates;

    public EventPipeline(CallOptions options, TimeProvider time, ILogger<EventPipeline> logger)
    {
        _time = time;
        _clock = new BatchClock(time);
        _eventTimes = new EventClock(Counters);
        _switchClocks = new SwitchClockWatch(_clock, logger);
        _calls = new CallTracker<HeldItem>(
            options, Counters, _clock,
            (Leg leg, scoped ReadOnlySpan<byte> correlationId, ReadOnlySpan<byte> snapshot, in HeldItem held) => _reporter!.ReportHeld(leg, correlationId, snapshot, held),
            static held => held.Input.Settled?.Invoke(held.Receipt));
        _registrationFailures = new RegistrationFailures(Counters, _clock, logger);
        _sink = new PacketSink(Counters, logger);
        _reporter = new EventReporter(_calls, _sink, _eventTimes, _clock, Counters);
        _router = new EventRouter(_calls, _reporter, _registrationFailures, Counters);
        Channels = new InputChannels(_calls, _clock);
        _passage = new PacketPassage(_sink, Counters);
        Apply(options);
    }

    /// <summary>The lock that every member requires.</summary>
    public Lock Gate { get; } = new();

    public PipelineCounters Counters { get; } = new();

    /// <summary>Where each user is registered.</summary>
    public RegistrationTable Registrations { get; } = new();

    /// <summary>Channels that inputs name and describe themselves (<see cref="ReadyPayload.ChannelUuid"/>).</summary>
    public InputChannels Channels { get; }

    /// <summary>Switches that events were received from.</summary>
    public IReadOnlyCollection<Switch> Switches => _calls.Switches;

    /// <summary>Where packets go.</summary>
    public IOutput[] Outputs
    {
        get => _sink.Outputs;
        set => _sink.Outputs = value;
    }

    /// <summary>Whether the same event may arrive twice, as with two or more inputs: it is then recognized by switch and sequence.</summary>
    public bool FilterDuplicates
    {
        get => _duplicates is not null;
        set => _duplicates = value ? _duplicates ?? new DuplicateFilter() : null;
    }

    /// <summary>Applies new options.</summary>
    public void Apply(CallOptions options)
    {
        _calls.Apply(options);
        _eventTimes.MaxSkewMicroseconds = options.MaxClockSkew.Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>Processes one event. True if it is held and only RTCP or log lines of its channel are known: its details should be requested.</summary>
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

        input.SwitchIndex = owner.Index;
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
            _switchClocks.Observe(e, owner);
        }

        uint reports = input.Plan.Match(e);
        DuplicateResult seen = Record(e, owner, isWanted: reports != 0);
        if (seen == DuplicateResult.Repeated)
        {
            Counters.Duplicate++;
            return false;
        }

        // The first copy taught everything; a slower input's copy would overwrite newer figures, or revive an ended leg.
        Leg? leg = (seen == DuplicateResult.First ? _calls.Observe(e, owner, input.IsTrusted) : _calls.Find(e, owner)) ?? _calls.FindNamed(e, owner);
        if (e.Kind == EventKind.ChannelData)
        {
            // A requested channel dump: only updates the leg.
            Counters.ObservedOnly++;
            return false;
        }

        if (seen == DuplicateResult.First)
        {
            Registrations.Observe(e, owner.Name, _time.GetUtcNow(), input.IsTrusted);
            if (e.Kind == EventKind.RegisterAttempt)
            {
                _registrationFailures.ObserveAttempt(e, owner);
            }
        }

        if (e.Kind == EventKind.ChannelDestroy && leg is not null)
        {
            _calls.End(leg);
        }

        if (reports == 0)
        {
            _reporter.CountUnwanted(e);
        }
        else
        {
            _router.Route(e, owner, leg, input, reports);
        }

        return leg is { Held.Count: > 0, IsDescribed: false };
    }

    /// <summary>Processes one ready payload: reported at once, or held like an event until its channel's Call-ID is known.</summary>
    public void ProcessPayload(scoped in ReadyPayload payload, InputBinding input)
    {
        CountReceived(input);
        _router.Route(payload, input);
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
        _passage.Pass(packet, new PacketPassage.Kept(input, kind, source, destination), _calls.Switches.Count > 0, _clock.Milliseconds);
    }

    /// <summary>From now on, learns which legs belong together: <c>sip_correlation: joined</c>.</summary>
    public void JoinSip() => _calls.Join(_passage.Dialogs);

    /// <summary>Releases packets that have waited for another leg long enough; called every <see cref="SipJoiner.TickMilliseconds"/>.</summary>
    public void ReleaseWaitingPackets()
    {
        _clock.Restart();
        _passage.Tick(_clock.Milliseconds);
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

    /// <inheritdoc cref="EventReporter.ReportPeer"/>
    public void ReportPeer(InputBinding input, scoped ReadOnlySpan<byte> state, byte[] name, HepAddress address) => _reporter.ReportPeer(input, state, name, address);

    /// <summary>Forgets a restarted switch: the calls under its previous Core-UUID are gone.</summary>
    public void ForgetSwitch(scoped ReadOnlySpan<byte> coreUuid) => _calls.ForgetSwitch(coreUuid);

    /// <summary>Expires held events and lingering legs; called four times a second.</summary>
    public void Tick()
    {
        _clock.Restart();
        _calls.Tick();
        _passage.Tick(_clock.Milliseconds);
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
        _clock.End();
    }

    // With one input there are no duplicates. Only one input requests a channel's details, so its answer is unique, too.
    private DuplicateResult Record(scoped in FreeSwitchEvent e, Switch owner, bool isWanted) =>
        _duplicates is not null && e.Kind != EventKind.ChannelData && e.Get(KnownHeader.EventSequence).TryParseInt64(out long sequence)
            ? _duplicates.Record(owner.Index, sequence, isWanted)
            : DuplicateResult.First;

    private void CountReceived(InputBinding input)
    {
        _clock.Begin();
        Counters.Received++;
        input.Received++;
    }
}
