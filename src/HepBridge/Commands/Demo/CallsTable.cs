using System.Globalization;

namespace HepBridge.Commands.Demo;

/// <summary>The calls that the collector found, one row per Call-ID.</summary>
internal static class CallsTable
{
    // With these and the number columns, a row has at most 120 characters.
    private const int CallIdWidth = 38;
    private const int NumberWidth = 13;
    private const int StateWidth = 28;

    /// <summary>Writes the table; false if there are no calls.</summary>
    public static bool Write(DemoCalls found, TextWriter output)
    {
        IReadOnlyList<DemoCall> calls = found.Calls;
        HashSet<string> known = [.. calls.Select(static call => call.UniqueId)];
        TextTable table = new("Call-ID (└ created by the leg above)", "from", "to", "state", "SIP", "events", "RTCP", "MOS");
        foreach (DemoCall call in calls)
        {
            string branch = call.Originator.Length > 0 && known.Contains(call.Originator) ? "└ " : "";
            table.Add(
                branch + TextTable.Shorten(call.CallId, CallIdWidth - branch.Length),
                TextTable.Shorten(call.From, NumberWidth),
                TextTable.Shorten(call.To, NumberWidth),
                TextTable.Shorten(call.State, StateWidth),
                call.SipMessages,
                call.Events,
                call.RtcpReports,
                call.Mos);
        }

        table.Write(output, "  ");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""

              {calls.Count} legs, each under its own Call-ID. {found.Others} further Call-IDs have only registrations and custom events.
              SIP: messages. events: call logs. RTCP: reports during the call. MOS: from the quality report (received stream).

            """));
        return calls.Count > 0;
    }
}
