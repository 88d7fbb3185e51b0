using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>An event's headers as members of a flat JSON object, except those matching <c>hide_headers</c>.</summary>
internal static class EventJson
{
    public static void WriteKnownHeaders(ref PayloadWriter writer, scoped in FreeSwitchEvent e, ReportPlan plan, bool maskDigit)
    {
        for (int i = 1; i < KnownHeaders.Count; i++)
        {
            KnownHeader header = (KnownHeader)i;
            if (!e.Has(header) || plan.Hides(header))
            {
                continue;
            }

            if (maskDigit && header == KnownHeader.DtmfDigit)
            {
                writer.JsonMember(KnownHeaders.NameOf(header), "*"u8);
            }
            else if (ReportPlan.IsId(header))
            {
                writer.JsonId(KnownHeaders.NameOf(header), e.Get(header));
            }
            else
            {
                writer.JsonMember(KnownHeaders.NameOf(header), e.Get(header));
            }
        }
    }

    /// <summary>Writes the headers matching <c>call_headers</c> that have no slot; the others are already written.</summary>
    public static void WriteCallHeaders(ref PayloadWriter writer, scoped in FreeSwitchEvent e, ReportPlan plan)
    {
        foreach (HeaderEntry header in plan.HasCallHeaders ? e.Headers : default)
        {
            if (KnownHeaders.Find(header.Name) == KnownHeader.None && plan.AddsToCall(header.Name) && e.IsFirst(header) && !header.Name.SequenceEqual("_body"u8))
            {
                Write(ref writer, header);
            }
        }
    }

    public static void Write(ref PayloadWriter writer, HeaderEntry header)
    {
        if (ReportPlan.IsId(header.Name))
        {
            writer.JsonId(header.Name, header.Value);
        }
        else
        {
            writer.JsonMember(header.Name, header.Value);
        }
    }
}
