using HepBridge.Calls;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Reports;

namespace HepBridge.Pipeline;

/// <summary>Data stored with a held snapshot.</summary>
internal readonly record struct HeldItem(InputBinding Input, bool IsPayload, long Receipt = 0);

/// <summary>Routes events and ready payloads: to the reports with their Call-ID, into their leg's hold queue, or counted as uncorrelated.</summary>
internal sealed class EventRouter(CallTracker<HeldItem> calls, EventReporter reporter, RegistrationFailures registrationFailures, PipelineCounters counters)
{
    public void Route(scoped in FreeSwitchEvent e, Switch owner, Leg? leg, InputBinding input, uint reports)
    {
        if (e.Kind == EventKind.RegisterFailure)
        {
            ReadOnlySpan<byte> callId = registrationFailures.Admit(e, owner, stackalloc byte[EventLimits.MaxCallId]);
            if (!callId.IsEmpty)
            {
                reporter.Report(e, owner, leg: null, callId, input, reports);
            }

            return;
        }

        if (leg is null)
        {
            HeaderValue own = EventText.FirstOf(e, KnownHeader.RegistrationCallId, KnownHeader.VariableSipCallId);
            if (own.IsEmpty)
            {
                counters.AddUncorrelated(UncorrelatedReason.NoLeg);
                return;
            }

            Span<byte> scratch = stackalloc byte[EventLimits.MaxCallId];
            reporter.Report(e, owner, leg: null, own.DecodeId(scratch), input, reports);
            return;
        }

        switch (calls.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                reporter.Report(e, owner, leg, correlationId, input, reports);
                break;
            case CorrelationState.Pending:
                bool keepAll = input.Plan.HasCallHeaders;
                EventSnapshot.Write(e, calls.Hold(leg, EventSnapshot.Measure(e, keepAll), input.IsTrusted, new HeldItem(input, IsPayload: false, input.Receipt)), keepAll);
                input.IsHeld = true;
                break;
            case var state:
                calls.CountUncorrelated(leg, state);
                break;
        }
    }

    public void Route(scoped in ReadyPayload payload, InputBinding input)
    {
        if (payload.CallId.Length > EventLimits.MaxCallId || payload.ChannelUuid.Length > EventLimits.MaxId || (payload.CallId.IsEmpty && payload.ChannelUuid.IsEmpty))
        {
            counters.AddUncorrelated(UncorrelatedReason.NoLeg);
            return;
        }

        if (!payload.CallId.IsEmpty)
        {
            reporter.ReportPayload(payload, null, payload.CallId, input);
            return;
        }

        Leg leg = calls.FindOrAdd(payload.ChannelUuid, input.IsTrusted);
        switch (calls.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                reporter.ReportPayload(payload, leg, correlationId, input);
                break;
            case CorrelationState.Pending:
                payload.WriteSnapshot(calls.Hold(leg, payload.SnapshotLength, input.IsTrusted, new HeldItem(input, IsPayload: true)));
                break;
            case var state:
                calls.CountUncorrelated(leg, state);
                break;
        }
    }
}
