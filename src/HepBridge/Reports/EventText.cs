using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>The parts shared by the log lines of all reports.</summary>
internal static class EventText
{
    /// <summary>
    /// The end of a line: <c>; callid=… uuid=… seq=N time=…</c>. It repeats the Call-ID because log stores such as Loki
    /// only search the text. A truncated line keeps this part and whatever is written after it.
    /// </summary>
    public static void WriteTail(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context)
    {
        writer.BeginTail();
        WriteCall(ref writer, context);
        HeaderValue sequence = e.Get(KnownHeader.EventSequence);
        if (!sequence.IsEmpty)
        {
            writer.Raw(" seq="u8);
            writer.Text(sequence, LinePlace.Named);
        }

        WriteTime(ref writer, context);
    }

    /// <summary>Writes <c>; callid=… uuid=…</c>.</summary>
    public static void WriteCall(ref PayloadWriter writer, scoped in ReportContext context)
    {
        writer.Raw("; callid="u8);
        writer.Id(context.CorrelationId);
        if (context.Leg is not null)
        {
            writer.Raw(" uuid="u8);
            writer.Id(context.Leg.UniqueId.Span);
        }
    }

    /// <summary>Writes <c> time=…</c>.</summary>
    public static void WriteTime(ref PayloadWriter writer, scoped in ReportContext context)
    {
        writer.Raw(" time="u8);
        TimeText.Write(ref writer, context.Time);
    }

    /// <summary>Writes <c>name=value</c>, or <c>name=identifier</c> for the header of an identifier.</summary>
    public static void WriteHeader(ref PayloadWriter writer, ReadOnlySpan<byte> name, HeaderEntry header)
    {
        writer.Name(name);
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

    /// <summary>Writes <c> name=value</c> if the event has the header.</summary>
    public static void WriteIfPresent(ref PayloadWriter writer, ReadOnlySpan<byte> name, HeaderValue value)
    {
        if (!value.IsEmpty)
        {
            writer.Raw((byte)' ');
            writer.Raw(name);
            writer.Raw((byte)'=');
            writer.Text(value, LinePlace.Named);
        }
    }

    /// <summary>Writes <c> name=identifier</c> if the event has the header.</summary>
    public static void WriteIdIfPresent(ref PayloadWriter writer, ReadOnlySpan<byte> name, HeaderValue value)
    {
        if (!value.IsEmpty)
        {
            writer.Raw((byte)' ');
            writer.Raw(name);
            writer.Raw((byte)'=');
            writer.Id(value);
        }
    }

    /// <summary>The first of these headers that has a value.</summary>
    public static HeaderValue FirstOf(scoped in FreeSwitchEvent e, KnownHeader first, KnownHeader second, KnownHeader third = KnownHeader.None)
    {
        HeaderValue value = e.Get(first);
        if (value.IsEmpty)
        {
            value = e.Get(second);
        }

        return value.IsEmpty && third != KnownHeader.None ? e.Get(third) : value;
    }
}
