using System.Globalization;
using System.Text;

namespace HepBridge.Tests.Hosting.Telemetry;

/// <summary>
/// A strict parser of Prometheus's text format 0.0.4 (exposition_formats.md): it rejects whatever a scraper may reject.
/// HELP and TYPE must precede a family's samples, once each, and a family's lines must be contiguous.
/// </summary>
internal sealed class PrometheusDocument
{
    private readonly HashSet<string> _series = [];
    private string _family = "";

    public Dictionary<string, (string Type, string Help)> Families { get; } = [];

    public List<(string Name, Dictionary<string, string> Labels, double Value)> Samples { get; } = [];

    public static PrometheusDocument Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        PrometheusDocument document = new();
        string? help = null;
        foreach (string line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                Assert.Null(help);
                help = line[7..];
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                string[] words = line[7..].Split(' ');
                Assert.Equal(2, words.Length);
                Assert.True(words[1] is "counter" or "gauge", line);
                Assert.NotNull(help);
                Assert.StartsWith(words[0] + " ", help, StringComparison.Ordinal);
                document._family = words[0];
                document.Families.Add(words[0], (words[1], Unescape(help[(words[0].Length + 1)..])));
                help = null;
            }
            else
            {
                Assert.Null(help);
                document.ReadSample(line);
            }
        }

        Assert.All(document.Families.Keys, family => Assert.Contains(document.Samples, sample => sample.Name == family));
        return document;
    }

    public double Value(string name, params (string Name, string Value)[] labels) =>
        Assert.Single(Find(name, labels)).Value;

    public double Sum(string name, params (string Name, string Value)[] labels) => Find(name, labels).Sum(sample => sample.Value);

    private static string Unescape(string text)
    {
        StringBuilder made = new();
        for (int i = 0; i < text.Length; i++)
        {
            made.Append(text[i] != '\\' ? text[i] : text[++i] switch { 'n' => '\n', '\\' => '\\', '"' => '"', char c => throw new FormatException($"\\{c}") });
        }

        return made.ToString();
    }

    private IEnumerable<(string Name, Dictionary<string, string> Labels, double Value)> Find(string name, (string Name, string Value)[] labels) =>
        Samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value));

    private void ReadSample(string line)
    {
        int at = 0;
        string name = Name(line, ref at, colons: true);
        Assert.Equal(_family, name);
        Dictionary<string, string> labels = [];
        if (line[at] == '{')
        {
            do
            {
                at++;
                string label = Name(line, ref at, colons: false);
                Assert.Equal("=\"", line.Substring(at, 2));
                int start = at += 2;
                for (; line[at] != '"'; at++)
                {
                    at += line[at] == '\\' ? 1 : 0;
                }

                labels.Add(label, Unescape(line[start..at++]));
            }
            while (line[at] == ',');
            Assert.Equal('}', line[at++]);
        }

        Assert.Equal(' ', line[at]);
        Assert.True(_series.Add(line[..at]), $"{line[..at]} is there twice.");
        string value = line[(at + 1)..];
        Assert.DoesNotContain(' ', value);
        Samples.Add((name, labels, value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture),
        }));
    }

    private static string Name(string line, ref int at, bool colons)
    {
        int start = at;
        while (char.IsAsciiLetter(line[at]) || line[at] == '_' || (colons && line[at] == ':') || (at > start && char.IsAsciiDigit(line[at])))
        {
            at++;
        }

        Assert.True(at > start, line);
        return line[start..at];
    }
}
