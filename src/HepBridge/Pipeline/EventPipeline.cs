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
/// The way of one event: leg → wanted? → hold, or report → outputs. One in a process, one lock, taken once a received batch. Synchronous,
/// knows no socket, and allocates nothing for an event of a known leg.
/// </summary>
internal sealed partial class EventPipeline
{
    private const long ClockWarningMicroseconds = 2_000_000;
    private const long ClockWarningInterval = 3_600_000;
    private const long LargestReorderInterval = 60_000;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventParser _heldParser = new();
    private readonly SwitchTable _switches;
    private readonly LegTable _legs;
    private readonly LegObserver _observer = new();
    private readonly Correlator _correlator;
    private readonly HoldQueue _held = new();
    private readonly RegistrationAttempts _attempts = new();
    private readonly RegistrationFailureLimit _failureLimit = new();
    private readonly EventClock _clock;
    private readonly PacketSink _sink;
    private readonly IReport[] _reports;
    private readonly Switch _nobody = new([], -1);
    private CallOptions _options;
    private DuplicateFilter? _duplicates;
    private long _nowMicroseconds;
    private long _nowMilliseconds;
    private bool _inBatch;

    public EventPipeline(CallOptions options, TimeProvider time, ILogger<EventPipeline> logger)
    {
        _time = time;
        _logger = logger;
        _options = options;
        _switches = new SwitchTable(OnSwitchEvicted);
        _legs = new LegTable(options.MaxLegs);
        _correlator = new Correlator(_legs, options);
        _clock = new EventClock(Counters);
        _sink = new PacketSink(Counters);
        _reports = [.. ReportKind.All.Select(kind => kind.Create(Counters))];
        Apply(options);
    }

    /// <summary>Everything here is called under this lock.</summary>
    public Lock Gate { get; } = new();

    public PipelineCounters Counters { get; } = new();

    /// <summary>Where each user is registered.</summary>
    public RegistrationTable Registrations { get; } = new();

    /// <summary>The switches that events came from.</summary>
    public IReadOnlyCollection<Switch> Switches => _switches.All;

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
        _legs.ReorderInterval = (long)Math.Min(options.MaxLegAge.TotalMilliseconds / 16, LargestReorderInterval);
        _correlator.Options = options;
        _observer.SetCallIdVariable(options.CallIdVariable);
        _clock.MaxSkewMicroseconds = options.MaxClockSkew.Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>Takes one event. True: it waits, and nothing but RTCP or log lines is known of its channel: it should be asked for.</summary>
    public bool Process(scoped in FreeSwitchEvent e, InputBinding input)
    {
        CountReceived(input);
        if (e.Kind == EventKind.Log && !input.Plan.Options.LogEvents && !IceRemote.IsChange(e))
        {
            // Asked for its media addresses only.
            Counters.Filtered++;
            return false;
        }

        if (FindOwner(e, input) is not { } owner)
        {
            // A log line before the first event: nothing tells whose it is.
            Counters.AddUncorrelated(UncorrelatedReason.NoLeg);
            return false;
        }

        if (e.Wrapping == 0 && input.Switch != owner)
        {
            // One event socket has one switch: under a new Core-UUID it was restarted, and its calls are gone.
            if (input is { IsSingleSwitch: true, Switch: { } earlier })
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

        uint reports = input.Plan.Match(e);
        DuplicateResult sighting = Record(e, owner, isWanted: reports != 0);
        if (sighting == DuplicateResult.Repeated)
        {
            Counters.Duplicate++;
            return false;
        }

        // What came first has taught all there is; a slower way's copy would put older figures over newer ones, or bring an ended leg back.
        Leg? leg = (sighting == DuplicateResult.First ? Observe(e, owner, input.IsTrusted) : FindLeg(e, owner)) ?? FindNamedLeg(e, owner);
        if (e.Kind == EventKind.ChannelData)
        {
            // A dump that was asked for: it teaches, and nothing else.
            Counters.ObservedOnly++;
            return false;
        }

        if (sighting == DuplicateResult.First)
        {
            Registrations.Observe(e, owner.Name, _time.GetUtcNow());
            if (e.Kind == EventKind.RegisterAttempt)
            {
                _attempts.Observe(e, owner, _nowMilliseconds);
            }
        }

        if (e.Kind == EventKind.ChannelDestroy && leg is not null)
        {
            _legs.MarkDestroyed(leg, _nowMilliseconds);
            ReleaseOrDrop(leg);
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

    /// <summary>Bytes that were no event.</summary>
    public void CountMalformed(InputBinding input, EventRejection reason)
    {
        CountReceived(input);
        Counters.AddMalformed(reason);
        input.Malformed++;
    }

    /// <summary>A switch of the network came, went or was restarted.</summary>
    public void ReportPeer(InputBinding input, scoped ReadOnlySpan<byte> state, byte[] name, HepAddress address)
    {
        if (!_inBatch)
        {
            BeginBatch();
        }

        ReportContext context = new()
        {
            Plan = input.Plan,
            Switch = _switches.FindByName(name) ?? _nobody,
            CorrelationId = name,
            Time = new EventTime(_nowMicroseconds, 0),
        };
        PeerReport.Write(context, state, address, _sink);
    }

    /// <summary>The end of a received batch: packets leave, and the clock is read anew for the next one.</summary>
    public void EndBatch()
    {
        _sink.Flush();
        _inBatch = false;
    }

    private void BeginBatch()
    {
        _nowMilliseconds = (long)_time.GetElapsedTime(0).TotalMilliseconds;
        _nowMicroseconds = (_time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        _inBatch = true;
    }

    // With one input nothing comes twice. The answer to a question about a channel is asked for by one input alone.
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

    // Under a Call-ID to the reports, or into the queue of the leg, or counted as having none.
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

        switch (_correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                Report(e, owner, leg, correlationId, input, reports);
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
}
