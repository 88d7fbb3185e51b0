using HepBridge.Collector.Store;

namespace HepBridge.Collector.Web;

/// <summary>A search in the list: which calls, in which order, which page.</summary>
/// <param name="Text">Found in number, Call-ID, UUID or address; empty: all.</param>
/// <param name="Kind">"calls", "registrations" or "all".</param>
/// <param name="BadOnly">Only bad audio and failed calls.</param>
/// <param name="Sort">"time", "mos", "loss", "duration".</param>
/// <param name="Ascending">The other way round than usual, which is newest or worst or longest first.</param>
/// <param name="Page">From 0.</param>
/// <param name="Size">Rows in a page, 1–200.</param>
internal sealed record CallQuery(string Text, string Kind, bool BadOnly, string Sort, bool Ascending, int Page, int Size)
{
    public CallPage Run(CallStore store) => store.Read(reader =>
    {
        List<Call> found = [];
        foreach (Call call in reader.Calls)
        {
            if (Matches(call))
            {
                found.Add(call);
            }
        }

        found.Sort(Compare);
        int size = Math.Clamp(Size, 1, 200);
        int page = Math.Clamp(Page, 0, Math.Max(0, (found.Count - 1) / size));
        List<CallRow> rows = found.Skip(page * size).Take(size).Select(c => CallRows.From(c, reader.Legs(c).Count)).ToList();
        return new CallPage(reader.Version, found.Count, page, size, rows);
    });

    private bool Matches(Call call)
    {
        bool kind = Kind switch
        {
            "all" => true,
            "registrations" => call.Kind == DialogKind.Registration,
            _ => call.Kind == DialogKind.Call,
        };
        return kind
            && (!BadOnly || call.Level == QualityLevel.Bad || call.State == CallState.Failed)
            && (Text.Length == 0 || Contains(call.From) || Contains(call.To) || Contains(call.CallId)
                || call.Uuids.All.Any(Contains) || call.Addresses.All.Any(Contains));
    }

    private bool Contains(string value) => value.Contains(Text, StringComparison.OrdinalIgnoreCase);

    private int Compare(Call a, Call b)
    {
        int order = Sort switch
        {
            "mos" => Nullable(a.Mos, b.Mos),
            "loss" => Nullable(-a.LossPercent, -b.LossPercent),
            "duration" => Nullable(-a.Duration, -b.Duration),
            _ => Ascending ? a.First.CompareTo(b.First) : b.First.CompareTo(a.First),
        };
        return order != 0 ? order : b.Id.CompareTo(a.Id);
    }

    // Calls that do not have the figure come last, whichever way the others are sorted.
    private int Nullable(double? a, double? b) =>
        a is null || b is null ? (a is null).CompareTo(b is null) : Ascending ? b.Value.CompareTo(a.Value) : a.Value.CompareTo(b.Value);
}
