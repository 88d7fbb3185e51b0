using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>
/// CUSTOM events of the configured subclasses (HEP type 100): <c>subclass action; name=value …; callid=… …</c>, with
/// the event's own headers only, not those common to all channel events.
/// </summary>
internal sealed class CustomReport : IReport
{
    private const int MaxHeaders = 48;

    private static readonly byte[][] _commonPrefixes =
        [.. new[] { "Event-", "FreeSWITCH-", "Core-", "Channel-", "Caller-", "Other-", "variable_", "Unique-", "Presence-", "Session-", "Call-Direction", "Answer-State", "Multicast", "Content-Length", "Hunt-" }
            .Select(Encoding.ASCII.GetBytes)];

    public static EventSelection Select(ReportOptions options) => options.CustomEvents ? new EventSelection { Subclasses = options.CustomSubclasses } : EventSelection.None;

    public bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink)
    {
        bool json = context.Plan.Options.CallFormat == CallFormat.Json;
        sink.Write(e, context, PacketHead.Log(context.LogAddress, json), json, WritePayload);
        return true;
    }

    private static void WritePayload(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in bool json)
    {
        if (json)
        {
            WriteJson(ref writer, e, context);
        }
        else
        {
            WriteText(ref writer, e, context);
        }
    }

    private static void WriteText(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context)
    {
        writer.Text(e.Get(KnownHeader.EventSubclass), LinePlace.Word);
        HeaderValue action = EventText.FirstOf(e, KnownHeader.Action, KnownHeader.CallCenterAction, KnownHeader.FifoAction);
        if (!action.IsEmpty)
        {
            writer.Raw((byte)' ');
            writer.Text(action, LinePlace.Word);
        }

        int written = 0;
        foreach (HeaderEntry header in e.Headers)
        {
            if (written < MaxHeaders && IsOwn(header.Name) && !header.Value.IsEmpty && !context.Plan.Hides(header.Name))
            {
                writer.Raw(written++ == 0 ? ";"u8 : ""u8);
                writer.Raw((byte)' ');
                writer.Name(header.Name);
                writer.Raw((byte)'=');
                if (ReportPlan.IsId(header.Name))
                {
                    writer.Id(header.Value);
                }
                else
                {
                    writer.Text(header.Value, LinePlace.Named);
                }
            }
        }

        HeaderValue body = e.Body;
        if (!body.IsEmpty)
        {
            writer.Raw("; body="u8);
            writer.Text(body, LinePlace.Named);
        }

        EventText.WriteTail(ref writer, e, context);
    }

    private static void WriteJson(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context)
    {
        writer.Raw((byte)'{');
        writer.JsonMember("state"u8, e.Get(KnownHeader.EventSubclass));
        writer.JsonMember("callid"u8, context.CorrelationId);
        EventJson.WriteKnownHeaders(ref writer, e, context.Plan, maskDigit: false);
        foreach (HeaderEntry header in e.Headers)
        {
            if (KnownHeaders.Find(header.Name) == KnownHeader.None && IsOwn(header.Name) && !context.Plan.Hides(header.Name))
            {
                EventJson.Write(ref writer, header);
            }
        }

        HeaderValue body = e.Body;
        if (!body.IsEmpty)
        {
            writer.JsonMember("body"u8, body);
        }

        writer.Raw((byte)'}');
    }

    private static bool IsOwn(ReadOnlySpan<byte> name)
    {
        foreach (byte[] prefix in _commonPrefixes)
        {
            if (name.StartsWith(prefix))
            {
                return false;
            }
        }

        return !name.SequenceEqual("Action"u8) && !name.SequenceEqual("_body"u8);
    }
}
