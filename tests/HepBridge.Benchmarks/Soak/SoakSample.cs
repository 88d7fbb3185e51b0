using System.Globalization;

namespace HepBridge.Benchmarks.Soak;

/// <summary>The agent at one moment.</summary>
/// <param name="At">Since the beginning.</param>
/// <param name="Rss">Resident memory in KB.</param>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Metrics">Its own metrics.</param>
internal sealed record SoakSample(TimeSpan At, long Rss, int Handles, int Threads, SoakMetrics Metrics);

/// <summary>The agent's metrics by name (docs/metrics.md), without <c>hepbridge_</c> and <c>_total</c>.</summary>
internal sealed class SoakMetrics
{
    private readonly List<(string Name, string Labels, double Value)> _values = [];

    public SoakMetrics(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            int space = line.LastIndexOf(' ');
            if (line.StartsWith('#') || space < 0)
            {
                continue;
            }

            int brace = line.IndexOf('{', StringComparison.Ordinal);
            string name = line[..(brace < 0 ? space : brace)].Replace("hepbridge_", "", StringComparison.Ordinal);
            name = name.EndsWith("_total", StringComparison.Ordinal) ? name[..^6] : name;
            _values.Add((name, brace < 0 ? "" : line[brace..space], double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>The sum over all labels, or over those that contain this text.</summary>
    public long this[string name, string label = ""] =>
        (long)_values.Where(value => value.Name == name && value.Labels.Contains(label, StringComparison.Ordinal)).Sum(value => value.Value);

    /// <summary>Each reason that is not 0.</summary>
    public string Reasons(string name) => string.Join(
        ", ",
        from value in _values
        where value.Name == name && value.Value > 0
        select string.Create(CultureInfo.InvariantCulture, $"{value.Labels.Split("reason=\"")[^1].Split('"')[0]} {value.Value:N0}"));
}
