using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>
/// Call logs (HEP type 100), one line per event: <c>STATE from → to; details; callid=… uuid=… seq=N time=…</c>, where STATE is the event's name
/// without CHANNEL_. Homer's call flow shows the start of the line. With <c>call_format: json</c>, a flat object of the known headers.
/// </summary>
internal sealed class CallReport : IReport
{
    private const int SamplesPerMillisecond = 8;

    private static readonly EventKind[] _kinds =
    [
        EventKind.ChannelCreate, EventKind.ChannelProgress, EventKind.ChannelProgressMedia, EventKind.ChannelAnswer, EventKind.ChannelBridge,
        EventKind.ChannelUnbridge, EventKind.ChannelHold, EventKind.ChannelUnhold, EventKind.ChannelHangupComplete, EventKind.ChannelDestroy,
        EventKind.Transferor, EventKind.Transferee, EventKind.Replaced,
    ];

    public static EventSelection Select(ReportOptions options)
    {
        if (!options.CallEvents)
        {
            return EventSelection.None;
        }

        ILookup<EventKind, string> extra = options.ExtraCallEvents.ToLookup(name => EventKinds.FromName(Encoding.UTF8.GetBytes(name)));
        return new EventSelection(
        [
            .. _kinds,
            .. options.Dtmf == DtmfReports.None ? Array.Empty<EventKind>() : [EventKind.Dtmf],
            .. extra.Select(group => group.Key).Where(kind => kind is not (EventKind.Other or EventKind.Dtmf or EventKind.Heartbeat or EventKind.Custom)),
        ])
        {
            Names = [.. extra[EventKind.Other]],
        };
    }

    public bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink)
    {
        // The channel marks its digits as sensitive: do not report them.
        if (e.Kind == EventKind.Dtmf && context.Leg is { SensitiveDtmf: true })
        {
            return false;
        }

        if (context.Plan.Options.CallFormat == CallFormat.Json)
        {
            sink.Write(e, context, PacketHead.Log(context.LogAddress, isJson: true), 0, WriteJson);
        }
        else
        {
            sink.Write(e, context, PacketHead.Log(context.LogAddress), 0, WriteText);
        }

        return true;
    }

    private static ReadOnlySpan<byte> State(scoped in FreeSwitchEvent e)
    {
        ReadOnlySpan<byte> name = e.Name;
        return name.StartsWith("CHANNEL_"u8) ? name["CHANNEL_"u8.Length..] : name;
    }

    private static HeaderValue From(scoped in FreeSwitchEvent e) =>
        EventText.FirstOf(e, KnownHeader.CallerCallerIdNumber, KnownHeader.VariableSipFromUser, KnownHeader.CallerUsername);

    private static HeaderValue To(scoped in FreeSwitchEvent e) =>
        EventText.FirstOf(e, KnownHeader.CallerDestinationNumber, KnownHeader.VariableSipToUser, KnownHeader.CallerCalleeIdNumber);

    private static void WriteText(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in int unused)
    {
        WriteState(ref writer, e);
        writer.Raw((byte)' ');
        WriteOrUnknown(ref writer, From(e));
        writer.Raw(" → "u8);
        WriteOrUnknown(ref writer, To(e));
        WriteDetails(ref writer, e, context);
        if (context.Plan.Options.CallHeadersInText)
        {
            WriteCallHeaders(ref writer, e, context.Plan);
        }

        EventText.WriteTail(ref writer, e, context);
        EventText.WriteIdIfPresent(ref writer, "other"u8, e.Get(KnownHeader.OtherLegUniqueId));
        if (e.Kind is EventKind.ChannelHangupComplete or EventKind.ChannelDestroy)
        {
            EventText.WriteIdIfPresent(ref writer, "conference"u8, e.Get(KnownHeader.VariableConferenceUuid));
        }
    }

    private static void WriteState(ref PayloadWriter writer, scoped in FreeSwitchEvent e)
    {
        if (e.Kind is EventKind.Transferor or EventKind.Transferee or EventKind.Replaced)
        {
            writer.Text(e.Get(KnownHeader.EventSubclass), LinePlace.Word);
        }
        else
        {
            writer.Raw(State(e));
        }
    }

    // "; " before the first, a space before the others.
    private static void WriteCallHeaders(ref PayloadWriter writer, scoped in FreeSwitchEvent e, ReportPlan plan)
    {
        bool any = false;
        bool maskDigit = plan.Options.Dtmf == DtmfReports.Masked;
        foreach (HeaderEntry header in plan.HasCallHeaders ? e.Headers : default)
        {
            if (header.Value.IsEmpty || !plan.AddsToCall(header.Name) || !e.IsFirst(header) || (maskDigit && KnownHeaders.Find(header.Name) == KnownHeader.DtmfDigit))
            {
                continue;
            }

            writer.Raw(any ? " "u8 : "; "u8);
            EventText.WriteHeader(ref writer, ReportPlan.VariableName(header.Name), header);
            any = true;
        }
    }

    private static void WriteOrUnknown(ref PayloadWriter writer, HeaderValue value)
    {
        if (value.IsEmpty)
        {
            writer.Raw((byte)'?');
        }
        else if (value.Is("?"u8))
        {
            writer.Raw("\\?"u8);
        }
        else
        {
            writer.Text(value, LinePlace.Within);
        }
    }

    private static void WriteDetails(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context)
    {
        switch (e.Kind)
        {
            case EventKind.ChannelCreate:
                WriteDetail(ref writer, e.Get(KnownHeader.CallDirection));
                break;
            case EventKind.ChannelHangupComplete or EventKind.ChannelHangup:
                WriteCause(ref writer, e);
                break;
            case EventKind.ChannelDestroy:
                WriteCause(ref writer, e);
                WriteDurations(ref writer, e);
                break;
            case EventKind.ChannelAnswer or EventKind.ChannelProgressMedia:
                WriteDetail(ref writer, e.Get(KnownHeader.ChannelReadCodecName));
                break;
            case EventKind.ChannelBridge or EventKind.ChannelUnbridge:
                WriteDetail(ref writer, e.Get(KnownHeader.OtherLegChannelName));
                break;
            case EventKind.Dtmf:
                writer.Raw("; digit="u8);
                if (context.Plan.Options.Dtmf == DtmfReports.Masked)
                {
                    writer.Raw((byte)'*');
                }
                else
                {
                    writer.Text(e.Get(KnownHeader.DtmfDigit), LinePlace.Named);
                }

                WriteDigitDuration(ref writer, e.Get(KnownHeader.DtmfDuration));
                EventText.WriteIfPresent(ref writer, "source"u8, e.Get(KnownHeader.DtmfSource));
                break;
            case EventKind.ChannelExecute or EventKind.ChannelExecuteComplete:
                WriteDetail(ref writer, e.Get(KnownHeader.Application));
                HeaderValue data = e.Get(KnownHeader.ApplicationData);
                if (!data.IsEmpty && !context.Plan.Hides(KnownHeader.ApplicationData))
                {
                    writer.Raw((byte)' ');
                    writer.Text(data, LinePlace.Within);
                }

                break;
        }
    }

    // FreeSWITCH counts a digit's duration in samples at 8,000 Hz, whatever the codec (sofia.c multiplies an INFO's milliseconds by 8).
    private static void WriteDigitDuration(ref PayloadWriter writer, HeaderValue samples)
    {
        if (samples.TryParseUInt32(out uint count))
        {
            writer.Raw(" duration="u8);
            writer.Number(count / SamplesPerMillisecond);
            writer.Raw("ms"u8);
        }
    }

    private static void WriteDetail(ref PayloadWriter writer, HeaderValue value)
    {
        if (!value.IsEmpty)
        {
            writer.Raw("; "u8);
            writer.Text(value, LinePlace.Part);
        }
    }

    private static void WriteCause(ref PayloadWriter writer, scoped in FreeSwitchEvent e)
    {
        WriteDetail(ref writer, EventText.FirstOf(e, KnownHeader.HangupCause, KnownHeader.VariableHangupCause));
        HeaderValue protocol = e.Get(KnownHeader.VariableProtoSpecificHangupCause);
        HeaderValue disposition = e.Get(KnownHeader.VariableSipHangupDisposition);
        WriteDetail(ref writer, protocol);
        if (!disposition.IsEmpty)
        {
            writer.Raw(protocol.IsEmpty ? "; "u8 : " "u8);
            writer.Text(disposition, protocol.IsEmpty ? LinePlace.Part : LinePlace.Within);
        }
    }

    private static void WriteDurations(ref PayloadWriter writer, scoped in FreeSwitchEvent e)
    {
        HeaderValue duration = e.Get(KnownHeader.VariableDuration);
        if (!duration.IsEmpty)
        {
            writer.Raw("; duration="u8);
            writer.Text(duration, LinePlace.Named);
            writer.Raw("s"u8);
            HeaderValue billed = e.Get(KnownHeader.VariableBillsec);
            if (!billed.IsEmpty)
            {
                writer.Raw(" billsec="u8);
                writer.Text(billed, LinePlace.Named);
                writer.Raw("s"u8);
            }
        }
    }

    private static void WriteJson(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in int unused)
    {
        writer.Raw((byte)'{');
        if (e.Kind is EventKind.Transferor or EventKind.Transferee or EventKind.Replaced)
        {
            writer.JsonMember("state"u8, e.Get(KnownHeader.EventSubclass));
        }
        else
        {
            writer.JsonMember("state"u8, State(e));
        }

        writer.JsonMember("from"u8, From(e));
        writer.JsonMember("to"u8, To(e));
        writer.JsonMember("callid"u8, context.CorrelationId);
        bool mask = e.Kind == EventKind.Dtmf && context.Plan.Options.Dtmf == DtmfReports.Masked;
        EventJson.WriteKnownHeaders(ref writer, e, context.Plan, mask);
        EventJson.WriteCallHeaders(ref writer, e, context.Plan);
        writer.Raw((byte)'}');
    }
}
