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

    private static void WriteText(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in int unused)
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
                writer.Raw(written++ == 0 ? "; "u8 : " "u8);
                EventText.WriteHeader(ref writer, header.Name, header);
            }
        }

        if (e.Body is { IsEmpty: false } body)
        {
            writer.Raw("; body="u8);
            writer.Text(body, LinePlace.Named);
        }

        EventText.WriteTail(ref writer, e, context);
    }

    private static void WriteJson(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in int unused)
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

        if (e.Body is { IsEmpty: false } body)
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
