using System.Numerics;
using HepBridge.Calls;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Reports;

namespace HepBridge.Pipeline;

/// <summary>Turns what has its Call-ID into packets: events through the reports that want them, ready payloads, and news about switches.</summary>
internal sealed class EventReporter(CallTracker<HeldItem> calls, PacketSink sink, EventClock times, BatchClock clock, PipelineCounters counters)
{
    private readonly IReport[] _reports = [.. ReportKind.All.Select(kind => kind.Create(counters))];
    private readonly EventParser _heldParser = new();

    /// <summary>Reports an event; <paramref name="reports"/> has one bit for each report that wants it, as in <see cref="ReportPlan.Match"/>.</summary>
    public void Report(scoped in FreeSwitchEvent e, Switch owner, Leg? leg, scoped ReadOnlySpan<byte> correlationId, InputBinding input, uint reports)
    {
        ReportContext context = new()
        {
            Plan = input.Plan,
            Switch = owner,
            Leg = leg,
            CorrelationId = correlationId,
            SecondCorrelationId = calls.SecondId(leg, correlationId),
            Time = times.Read(e, owner, clock.UnixMicroseconds),
        };
        bool any = false;
        for (uint rest = reports; rest != 0; rest &= rest - 1)
        {
            any |= _reports[BitOperations.TrailingZeroCount(rest)].Write(e, context, sink);
        }

        if (any)
        {
            counters.Reported++;
        }
        else
        {
            CountUnwanted(e);
        }
    }

    public void CountUnwanted(scoped in FreeSwitchEvent e)
    {
        if (e.Kind is (>= EventKind.ChannelCreate and <= EventKind.ChannelDestroy) or EventKind.CallUpdate or EventKind.Heartbeat or EventKind.SendRtcp
            or EventKind.RegisterAttempt or EventKind.Log)
        {
            counters.ObservedOnly++;
        }
        else
        {
            counters.Filtered++;
        }
    }

    public void ReportPayload(scoped in ReadyPayload payload, Leg? leg, scoped ReadOnlySpan<byte> correlationId, InputBinding input)
    {
        leg = leg?.Switch == calls.Nobody ? null : leg;
        ReportContext context = new()
        {
            Plan = input.Plan,
            Switch = leg?.Switch ?? calls.Nobody,
            Leg = leg,
            CorrelationId = correlationId,
            SecondCorrelationId = calls.SecondId(leg, correlationId),
            Time = new EventTime(times.Check(payload.UnixMicroseconds, clock.UnixMicroseconds), leg?.Switch.UtcOffsetMinutes ?? 0),
        };
        ReadyReport.Write(payload, context, sink);
        counters.Reported++;
    }

    /// <summary>Reports what was held. Events and payloads each take their own path, with the plan that their input has now.</summary>
    public void ReportHeld(Leg leg, scoped ReadOnlySpan<byte> correlationId, ReadOnlySpan<byte> snapshot, in HeldItem held)
    {
        if (held.IsPayload)
        {
            ReportPayload(ReadyPayload.ReadSnapshot(snapshot), leg, correlationId, held.Input);
            return;
        }

        FreeSwitchEvent e = EventSnapshot.Read(snapshot, _heldParser);
        Report(e, leg.Switch, leg, correlationId, held.Input, held.Input.Plan.Match(e));
    }

    /// <summary>Reports that a switch came up, went down or restarted.</summary>
    public void ReportPeer(InputBinding input, scoped ReadOnlySpan<byte> state, byte[] name, HepAddress address)
    {
        clock.Begin();
        ReportContext context = new()
        {
            Plan = input.Plan,
            Switch = calls.FindSwitch(name),
            CorrelationId = name,
            Time = new EventTime(clock.UnixMicroseconds, 0),
        };
        PeerReport.Write(context, state, address, sink);
    }
}
