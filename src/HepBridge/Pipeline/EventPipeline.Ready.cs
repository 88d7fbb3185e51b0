using HepBridge.Calls;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Outputs;
using HepBridge.Reports;

namespace HepBridge.Pipeline;

/// <summary>What comes ready-made: payloads of inputs that read no FreeSWITCH events, and whole packets.</summary>
internal sealed partial class EventPipeline
{
    // Legs of channels that a payload names and no event has shown yet belong to no switch: what they hold moves to the real leg when it comes.
    private int _orphans;

    /// <summary>Takes one ready payload: reported at once, or held until its channel's Call-ID is known, like an event.</summary>
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

        Leg leg = FindOrAddLeg(payload.ChannelUuid);
        switch (_correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                ReportReady(payload, leg, correlationId, input);
                break;
            case CorrelationState.Pending:
                MakeRoomToHold(leg, input);
                payload.WriteSnapshot(_held.Add(leg, payload.SnapshotLength, isPayload: true, input, input.IsTrusted, _nowMilliseconds));
                Counters.Held++;
                break;
            case CorrelationState.NotSip:
                Counters.AddUncorrelated(UncorrelatedReason.NotSip);
                break;
            default:
                Counters.AddUncorrelated(leg.IsDescribed ? UncorrelatedReason.NeverCame : UncorrelatedReason.OlderThanAgent);
                break;
        }
    }

    /// <summary>Passes one whole, checked HEP3 packet to every output as it is. It counts as one event received and reported.</summary>
    public void ProcessPacket(ReadOnlySpan<byte> packet, PacketKind kind, InputBinding input)
    {
        CountReceived(input);
        _sink.Offer(packet, kind);
        Counters.Reported++;
    }

    /// <summary>An input's own filter left something out: a line below its level.</summary>
    public void CountFiltered(InputBinding input)
    {
        CountReceived(input);
        Counters.Filtered++;
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
        ReportContext context = new()
        {
            Plan = input.Plan,
            Switch = leg?.Switch ?? _nobody,
            Leg = leg,
            CorrelationId = correlationId,
            Time = new EventTime(_clock.Check(payload.UnixMicroseconds, _nowMicroseconds), leg?.Switch.UtcOffsetMinutes ?? 0),
        };
        ReadyReport.Write(payload, context, _sink);
        Counters.Reported++;
    }

    private Leg FindOrAddLeg(ReadOnlySpan<byte> uniqueId)
    {
        foreach (Switch candidate in _switches.All)
        {
            if (_legs.Find(candidate, uniqueId) is { } leg)
            {
                return leg;
            }
        }

        if (_legs.Find(_nobody, uniqueId) is { } orphan)
        {
            return orphan;
        }

        MakeRoom();
        _orphans++;
        return _legs.Add(_nobody, uniqueId, _nowMilliseconds);
    }

    // A channel's first event has come: what was held for its UUID is its own.
    private void Adopt(Leg leg)
    {
        if (_orphans > 0 && _legs.Find(_nobody, leg.UniqueId.Span) is { } orphan)
        {
            HoldQueue.Move(orphan, leg);
            Forget(orphan);
        }
    }

    private void ForgetIfEmptyOrphan(Leg leg)
    {
        if (leg.HeldCount == 0 && leg.Switch == _nobody)
        {
            Forget(leg);
        }
    }
}
