using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>An event's headers as members of a flat JSON object, without those that <c>hide_headers</c> names.</summary>
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
}
