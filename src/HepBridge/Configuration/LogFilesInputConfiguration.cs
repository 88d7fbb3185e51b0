using System.Text.RegularExpressions;
using HepBridge.Configuration.Values;
using HepBridge.Hep;

namespace HepBridge.Configuration;

/// <summary>One object of <c>logs_config.logs</c>: the files of one path, and how to find a line's call.</summary>
internal sealed record LogFileSource
{
    /// <summary><c>path</c>: a file, or a glob in the last part.</summary>
    public required string Path { get; init; }

    /// <summary><c>pattern</c>: the first match wins.</summary>
    public required IReadOnlyList<LogPattern> Patterns { get; init; }

    /// <summary><c>tag</c>; empty: none.</summary>
    public string Tag { get; init; } = "";

    /// <summary><c>host</c>: shown with each line; empty: none.</summary>
    public string Host { get; init; } = "";

    /// <summary>The packets' address if <c>host</c> is an IP address.</summary>
    public HepAddress Address { get; init; }

    /// <summary><c>time_format</c>; null: ISO 8601.</summary>
    public string? TimeFormat { get; init; }

    /// <summary><c>multiline</c>: matches the first line of a record; null: each line is a record.</summary>
    public Regex? RecordBegin { get; init; }

    /// <summary>Whether the files can stay open under another configuration: only patterns, tag and host may differ.</summary>
    public bool ReadsTheSame(LogFileSource other) => Path == other.Path && RecordBegin?.ToString() == other.RecordBegin?.ToString();
}

/// <summary>One object of <c>logs_config</c>.</summary>
internal sealed class LogFilesInputConfiguration : InputConfiguration
{
    public required IReadOnlyList<LogFileSource> Sources { get; init; }
    public bool ReportLines { get; init; } = true;

    /// <summary><c>state_path</c>: the position file; null: positions are not kept.</summary>
    public string? StatePath { get; init; }

    /// <summary><c>max_line</c>, in bytes.</summary>
    public int MaxLine { get; init; } = 16 * 1_024;

    public override string Identity => $"logs {string.Join(", ", Sources.Select(source => source.Path).Distinct())}";

    public override string Description => $"the log files {string.Join(", ", Sources.Select(source => source.Path).Distinct())}";

    public override int EventPaths => 0;

    /// <summary>Whether the open files can stay open.</summary>
    public bool ReadsTheSame(LogFilesInputConfiguration other) =>
        StatePath == other.StatePath && MaxLine == other.MaxLine && Sources.Count == other.Sources.Count
        && Sources.Zip(other.Sources).All(pair => pair.First.ReadsTheSame(pair.Second));
}
