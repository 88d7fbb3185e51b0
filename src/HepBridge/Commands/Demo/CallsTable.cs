using HepBridge.Collector.Payloads;
using HepBridge.Collector.Store;
using HepBridge.Hep;

namespace HepBridge.Commands.Demo;

/// <summary>The calls that the collector found, one row per Call-ID.</summary>
internal static class CallsTable
{
    // With these and the number columns, a row has at most 120 characters.
    private const int CallIdWidth = 38;
    private const int NumberWidth = 13;
    private const int StateWidth = 28;

    /// <summary>Writes the table; false if there are no calls.</summary>
    public static bool Write(CallStore store, TextWriter output)
    {
        TextTable table = new("Call-ID (└ created by the leg above)", "from", "to", "state", "SIP", "events", "RTCP", "MOS");
        (int legs, int others) = store.Read(reader => Fill(table, reader));
        table.Write(output, "  ");
        output.WriteLine(
            $"""

              {legs} legs, each under its own Call-ID. {others} further Call-IDs have only registrations and custom events.
              SIP: messages. events: call logs. RTCP: reports during the call. MOS: from the quality report (received stream).

            """);
        return legs > 0;
    }

    private static (int Legs, int Others) Fill(TextTable table, CallReader reader)
    {
        int legs = 0;
        int others = 0;
        foreach (Call call in reader.Calls.OrderBy(static call => call.First))
        {
            HashSet<string> known = [.. call.Legs.SelectMany(static leg => leg.Uuids.All)];
            foreach (Leg leg in call.Legs)
            {
                CallLogLine[] events = [.. Events(leg)];
                int rtcp = Count(leg, HepPayloadType.Rtcp);
                if (events.Length == 0 && rtcp == 0 && leg.Mos is null)
                {
                    others++;
                    continue;
                }

                legs++;
                string branch = known.Contains(leg.Originator) ? "└ " : "";
                table.Add(
                    branch + TextTable.Shorten(leg.CallId, CallIdWidth - branch.Length),
                    TextTable.Shorten(leg.From, NumberWidth),
                    TextTable.Shorten(leg.To, NumberWidth),
                    TextTable.Shorten(State(events), StateWidth),
                    Count(leg, HepPayloadType.Sip),
                    events.Length,
                    rtcp,
                    leg.Mos);
            }
        }

        return (legs, others);
    }

    private static IEnumerable<CallLogLine> Events(Leg leg)
    {
        foreach (StoredPacket stored in leg.Packets.Where(static packet => packet.Type == HepPayloadType.Log))
        {
            if (HepDecoder.TryDecode(stored.Bytes, out HepPacket packet, out _) && CallLogLine.TryParse(packet.Payload, out CallLogLine line))
            {
                yield return line;
            }
        }
    }

    private static int Count(Leg leg, HepPayloadType type) => leg.Packets.Count(packet => packet.Type == type);

    // As the switch saw it. Talk time as it was counted: the demo may play faster. The hangup cause if it is not the usual one.
    private static string State(CallLogLine[] events)
    {
        bool isAnswered = events.Any(static line => line.State == "ANSWER");
        CallLogLine[] ends = [.. events.Where(static line => line.State is "HANGUP_COMPLETE" or "DESTROY")];
        if (ends.Length == 0)
        {
            return isAnswered ? "talking" : events.Any(static line => line.State is "PROGRESS" or "PROGRESS_MEDIA") ? "ringing" : "created";
        }

        string cause = ends.Select(static line => line.Cause).LastOrDefault(static cause => cause.Length > 0 && cause != Leg.NormalClearing, "");
        string? talked = ends.SelectMany(static line => line.Fields).LastOrDefault(static field => field.Key == "billsec").Value?.TrimEnd('s');
        return isAnswered ? $"answered {talked} s{(cause.Length > 0 ? ", " : "")}{cause}"
            : cause.Length > 0 ? cause
            : "not answered";
    }
}
