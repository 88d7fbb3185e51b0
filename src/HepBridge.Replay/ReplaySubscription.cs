namespace HepBridge.Replay;

/// <summary>What one client subscribed to; its commands change it as in mod_event_socket (parse_command). Immutable.</summary>
internal sealed record ReplaySubscription
{
    private HashSet<string> Events { get; init; } = [];
    private HashSet<string> Nixed { get; init; } = [];
    private HashSet<string> Subclasses { get; init; } = [];
    private IReadOnlyList<(string Header, string Value)> Filters { get; init; } = [];

    /// <summary>Everything not in <see cref="Nixed"/>.</summary>
    private bool All { get; init; }

    /// <summary>Most detailed level of log lines, 0–7; -1 for none.</summary>
    public int LogLevel { get; init; } = -1;

    public bool IsAny => All || Events.Count > 0 || LogLevel >= 0;

    /// <summary>Whether to send a frame to the client.</summary>
    public bool Wants(Recording recording, in RecordedFrame frame)
    {
        if (frame.IsLog)
        {
            return frame.LogLevel <= LogLevel;
        }

        bool named = frame.Subclass.Length > 0
            ? All || Subclasses.Contains(frame.Subclass)
            : All ? !Nixed.Contains(frame.Name) : Events.Contains(frame.Name);
        return named && (Filters.Count == 0 || PassesFilters(recording, frame));
    }

    /// <summary>Whether to send events that the server itself creates.</summary>
    public bool Wants(string name) => All ? !Nixed.Contains(name) : Events.Contains(name);

    /// <summary>Adds names; false if there were none.</summary>
    public bool TryAdd(IEnumerable<string> words, out ReplaySubscription changed)
    {
        (List<string> names, List<string> subclasses) = Split(words);
        HashSet<string> events = [.. Events, .. names];
        HashSet<string> nixed = [.. Nixed];
        nixed.ExceptWith(names);
        bool all = names.Contains("ALL");
        changed = this with { Events = events, Subclasses = [.. Subclasses, .. subclasses], All = All || all, Nixed = all ? [] : nixed };
        return names.Count > 0;
    }

    /// <summary>Removes names; false if there were none.</summary>
    public bool TryRemove(IEnumerable<string> words, out ReplaySubscription changed)
    {
        (List<string> names, List<string> subclasses) = Split(words);
        bool all = names.Contains("ALL");
        changed = this with
        {
            Events = all ? [] : [.. Events.Except(names.Where(static name => name != "CUSTOM"))],
            Subclasses = [.. Subclasses.Except(subclasses)],
            All = All && !all,
            Nixed = [.. Nixed.Union(names)],
        };
        return names.Count > 0;
    }

    /// <summary>Log lines only.</summary>
    public ReplaySubscription WithoutEvents() => new() { LogLevel = LogLevel, Filters = Filters };

    public ReplaySubscription WithFilter(string header, string value) => this with { Filters = [.. Filters, (header, value)] };

    /// <summary>Without a header's filters (of that value), or with <c>all</c> without any.</summary>
    public ReplaySubscription WithoutFilter(string header, string value) => this with
    {
        Filters = header.Equals("all", StringComparison.OrdinalIgnoreCase)
            ? []
            : [.. Filters.Where(filter => !filter.Header.Equals(header, StringComparison.OrdinalIgnoreCase) || (value.Length > 0 && filter.Value != value))],
    };

    private static (List<string> Names, List<string> Subclasses) Split(IEnumerable<string> words)
    {
        List<string> names = [];
        List<string> subclasses = [];
        foreach (string word in words)
        {
            if (names.Contains("CUSTOM"))
            {
                subclasses.Add(word);
            }
            else if (word.Length > 1 && word.All(static c => char.IsAsciiLetter(c) || c == '_'))
            {
                names.Add(word.ToUpperInvariant());
            }
        }

        return (names, subclasses);
    }

    private bool PassesFilters(Recording recording, RecordedFrame frame) =>
        Filters.Any(filter => recording.HeaderOf(frame, System.Text.Encoding.UTF8.GetBytes(filter.Header)).Equals(filter.Value, StringComparison.OrdinalIgnoreCase));
}
