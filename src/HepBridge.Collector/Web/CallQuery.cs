using HepBridge.Collector.Store;

namespace HepBridge.Collector.Web;

/// <summary>A query of the list: filters, sorting and range.</summary>
internal sealed record CallQuery
{
    public const int MaxSize = 200;

    /// <summary>Calls of at least this duration are long, in microseconds.</summary>
    public const long LongCall = 10 * 60 * 1_000_000L;

    /// <summary>Searched in numbers, Call-ID, UUID and addresses; empty: all.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>"calls" (default), "registrations" or "all".</summary>
    public string Kind { get; init; } = string.Empty;

    /// <summary>"failed", "bad", "answered", "live", "long"; anything else: all.</summary>
    public string Show { get; init; } = string.Empty;

    /// <summary>Address of the switch; empty: any.</summary>
    public string Switch { get; init; } = string.Empty;

    /// <summary>Only calls that started at or after this time, in microseconds since 1970.</summary>
    public long? Since { get; init; }

    /// <summary>Only calls that started before this time.</summary>
    public long? Until { get; init; }

    /// <summary>"time" (default), "mos", "loss", "duration".</summary>
    public string Sort { get; init; } = string.Empty;

    /// <summary>Oldest, best or shortest first.</summary>
    public bool Ascending { get; init; }

    public int Offset { get; init; }

    /// <summary>Number of rows, 1–200.</summary>
    public int Size { get; init; } = 50;

    /// <summary>Id of the call that <see cref="Offset"/> is relative to, so that a list keeps its position while new calls arrive above.</summary>
    public long? Anchor { get; init; }

    public CallPage Run(CallStore store) => store.Read(reader =>
    {
        List<(Call Call, double Key)> found = new(reader.Calls.Count);
        foreach (Call call in reader.Calls)
        {
            if (Matches(call))
            {
                found.Add((call, Key(call)));
            }
        }

        found.Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : b.Call.Id.CompareTo(a.Call.Id));
        int size = Math.Clamp(Size, 1, MaxSize);
        int anchor = Anchor is long id && reader.TryGet(id, out Call? anchored) ? found.FindIndex(f => f.Call == anchored) : -1;
        int offset = (int)Math.Clamp((long)Math.Max(0, anchor) + Offset, 0, Math.Max(0, found.Count - 1));
        List<CallRow> rows = found.Skip(offset).Take(size).Select(static f => CallRows.From(f.Call)).ToList();
        return new CallPage(reader.Version, found.Count, offset, anchor >= 0 ? anchor : null, reader.Calls.Count, rows);
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
            && !(call.First < Since) && !(call.First >= Until)
            && IsShown(call)
            && (Switch.Length == 0 || call.Legs.Any(leg => leg.SwitchName == Switch))
            && (Text.Length == 0 || call.Legs.Any(Contains));
    }

    private bool IsShown(Call call) => Show switch
    {
        "failed" => call.State == CallState.Failed,
        "bad" => call.Level == QualityLevel.Bad,
        "answered" => call.Caller.AnsweredAt is not null,
        "live" => call.State is CallState.Calling or CallState.Ringing or CallState.Answered,
        "long" => call.Duration >= LongCall,
        _ => true,
    };

    private bool Contains(Leg leg) =>
        Contains(leg.From) || Contains(leg.To) || Contains(leg.CallId) || leg.Uuids.All.Any(Contains) || leg.Addresses.All.Any(Contains) || Contains(leg.Node);

    private bool Contains(string value) => value.Contains(Text, StringComparison.OrdinalIgnoreCase);

    // The smallest key comes first. Calls without the figure come last in either direction.
    private double Key(Call call)
    {
        (double? value, bool smallestFirst) = Sort switch
        {
            "mos" => (call.Mos, true),
            "loss" => (call.LossPercent, false),
            "duration" => (call.Duration, false),
            _ => (call.First, false),
        };
        return value is double figure ? (smallestFirst != Ascending ? figure : -figure) : double.PositiveInfinity;
    }
}
