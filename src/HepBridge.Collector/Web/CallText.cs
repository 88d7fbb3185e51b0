using System.Globalization;
using System.Text;

namespace HepBridge.Collector.Web;

/// <summary>A call as plain text for a ticket: what happened, its legs, its media and its messages. Times are UTC; media reports are summarized by stream.</summary>
internal static class CallText
{
    private const int MaxMessages = 500;

    public static string Write(CallDetail detail)
    {
        CallRow call = detail.Call;
        StringBuilder text = new();
        Line(text, $"Call {Party(call.From)} → {Party(call.To)}, {Date(call.First)} UTC");
        Line(text, $"State     {call.State}{(call.Cause.Length > 0 ? ", " + call.Cause : string.Empty)}");
        Line(text, $"Setup     {(call.Ringing is null ? "did not ring" : $"rang after {Seconds(call.Ringing)}")}, {(call.Answer is null ? "not answered" : $"answered after {Seconds(call.Answer)}")}");
        if (call.Duration is not null)
        {
            Line(text, $"Duration  {Seconds(call.Duration)}");
        }

        if (call.Mos is not null || call.Loss is not null)
        {
            Line(text, $"Audio     {call.Level}: {Figures(("worst MOS ", call.Mos, ""), ("worst loss ", call.Loss, " %"))}");
        }

        Line(text, $"\nLegs");
        for (int i = 0; i < call.Legs.Count; i++)
        {
            LegRow leg = call.Legs[i];
            Line(text, $"{Name(i)}  {Party(leg.From)} → {Party(leg.To)}  {leg.Source} → {leg.Destination}  {leg.State}{(leg.Cause.Length > 0 ? ", " + leg.Cause : string.Empty)}{(leg.Duration is null ? string.Empty : ", " + Seconds(leg.Duration))}");
            Line(text, $"   Call-ID {leg.CallId}{(leg.Uuids.Count > 0 ? "  UUID " + string.Join(' ', leg.Uuids) : string.Empty)}");
        }

        if (detail.Streams.Count > 0)
        {
            Line(text, $"\nMedia (what the right side received)");
            foreach (StreamRow s in detail.Streams)
            {
                string figures = Figures(
                    ("MOS ", s.Mos, ""), ("loss ", s.MeanLoss, " %"), ("worst loss ", s.MaxLoss, " %"), ("jitter ", s.MeanJitter, " ms"), ("worst jitter ", s.MaxJitter, " ms"), ("round trip ", s.MeanRoundTrip, " ms"));
                Line(text, $"{NameOf(call, s.Leg)}  {s.From}:{s.FromPort} → {s.To}:{s.ToPort}  {(s.Codec.Length > 0 ? s.Codec + ", " : string.Empty)}{figures}{(figures.Length > 0 ? ", " : string.Empty)}{s.Points.Count} reports");
            }
        }

        Line(text, $"\nMessages");
        List<PacketRow> messages = [.. detail.Packets.Where(static p => p.Stream is null)];
        foreach (PacketRow p in messages.Take(MaxMessages))
        {
            string where = p.Source == p.Destination ? "at " + p.Source : $"{p.Source} → {p.Destination}";
            Line(text, $"{Date(p.Time)[11..]}  {NameOf(call, p.Leg)}  {where}  {p.Title}{(p.Detail.Length > 0 ? "  " + p.Detail : string.Empty)}");
        }

        if (messages.Count > MaxMessages)
        {
            Line(text, $"and {messages.Count - MaxMessages} more");
        }

        return text.ToString();
    }

    /// <summary>A, B, … Z, then by number.</summary>
    private static string Name(int index) => index is >= 0 and < 26 ? ((char)('A' + index)).ToString() : $"leg {index + 1}";

    private static string NameOf(CallRow call, long leg) => Name(call.Legs.Select(static l => l.Id).ToList().IndexOf(leg));

    private static string Party(string number) => number.Length > 0 ? number : "unknown";

    private static string Date(long microseconds) => DateTime.UnixEpoch.AddMicroseconds(microseconds).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Seconds(long? microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e6:0.00} s");

    private static string Figures(params IEnumerable<(string Name, double? Value, string Unit)> figures) =>
        string.Join(", ", figures.Where(static f => f.Value is not null).Select(static f => CallRows.Figure(f.Name, f.Value, f.Unit)));

    // A sender's text must neither break the line nor reverse its direction.
    private static void Line(StringBuilder text, FormattableString line)
    {
        foreach (char c in line.ToString(CultureInfo.InvariantCulture))
        {
            bool breaks = (char.IsControl(c) && !(c == '\n' && text.Length > 0 && text[^1] == '\n')) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            text.Append(breaks ? '·' : c);
        }

        text.Append('\n');
    }
}
