using System.Text;
using System.Text.RegularExpressions;
using HepBridge.Configuration.Values;
using HepBridge.Hep;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>logs_config</c>: log files to follow, as in hepipe.js.</summary>
internal static class LogsSection
{
    public const string Name = "logs_config";
    private const string FilesName = "logs";

    public static ValueKey<bool> ReportLines { get; } = new("report_log_lines", EnumValues.Flag, "true", "Lines that contain a call's Call-ID or UUID (type 100).");

    public static ValueKey<string?> StatePath { get; } = new("state_path",
        new("a path", "write the path of a file, or \"\" for none", (string text, out string? value) =>
        {
            value = text.Length == 0 ? null : text;
            return value is null || TextValues.FilePath.TryMake(text, out _);
        }),
        "/var/lib/hepbridge/log-positions.json",
        "File that stores how far each log file was read, so that a restart neither loses nor repeats lines. Empty: none; a restart starts at the end of each file.");

    public static ValueKey<long> MaxLine { get; } = new("max_line", NumericValues.Size("256", "64KB"), "16KB", "Longest line, and longest multi-line record; the rest is truncated and counted.");

    public static KeyGroup Group { get; } = new(
        "`logs_config`: log files",
        "One object, or a list of objects. `logs` is a list of the files.",
        ReportLines, StatePath, MaxLine, ReportKeys.LogLevel, ReportKeys.MaxPacket, ReportKeys.AgentAddress);

    public static ValueKey<string?> Path { get; } = new("path", TextValues.FilePath!, null, "File, or a glob over file names such as `/var/log/app/*.log`. Files may appear later, and be rotated by rename or by copy-and-truncate.");

    public static ListKey<string> Pattern { get; } = new("pattern", TextValues.Line, [],
        "Regular expressions that find a line's call; the first match wins. A group `(?<callid>…)`, else the first group, is the SIP Call-ID. "
        + "A group `(?<uuid>…)` is the UUID of a FreeSWITCH channel whose Call-ID the agent knows from its other inputs; `\"uuid\"` alone finds any UUID. "
        + "Groups `(?<time>…)` and `(?<level>…)` give the line's own time and level.");

    public static ValueKey<string?> Tag { get; } = new("tag", TextValues.Line!, null, "Shown at the end of each line, to tell programs apart.");
    public static ValueKey<string?> Host { get; } = new("host", TextValues.Line!, null, "Shown at the end of each line; an IP address is also the address of its packets.");

    public static ValueKey<string?> TimeFormat { get; } = new("time_format",
        new("a time format", "write a .NET date format such as \"MMM d HH:mm:ss\", or unix, unix_ms or unix_us", (string text, out string? value) =>
        {
            value = text;
            return LogLineTime.IsFormat(text);
        }),
        null,
        "Format of the group `time`: a .NET date format, `unix` (seconds), `unix_ms` or `unix_us`. Default: ISO 8601. Times without a zone are local.");

    public static ValueKey<string?> Multiline { get; } = new("multiline", TextValues.Line!, null,
        "Regular expression for the first line of a multi-line record such as a stack trace. The record ends before the next such line, or after a second without new lines.");

    public static KeyGroup FileGroup { get; } = new(
        "`logs_config.logs`: one log file, or several by a glob",
        "One object, or a list of objects.",
        Path, Pattern, Tag, Host, TimeFormat, Multiline);

    public static SectionTable FileTable { get; } = new(FilesName, [FileGroup], [], Name);

    public static InputSection Section { get; } = new(Name, Group, InputSection.Sender, Make) { Nested = [FileTable] };

    private static LogFilesInputConfiguration Make(SectionValues values, ReportOptions reports, ConfigurationDiagnostics diagnostics)
    {
        IReadOnlyList<SectionValues> files = values.Node is { } node ? SectionReader.ReadObjects(node, FileTable, diagnostics) : [];
        if (files.Count == 0 && !diagnostics.HasErrorIn(values.Path))
        {
            diagnostics.Error(values.Path, "it names no log file", "add \"logs\": [ { \"path\": \"/var/log/app.log\", \"pattern\": \"callid=([^ ;]+)\" } ]");
        }

        return new LogFilesInputConfiguration
        {
            Sources = [.. files.Select(file => MakeSource(file, diagnostics)).OfType<LogFileSource>()],
            ReportLines = values.Get(ReportLines),
            StatePath = values.Get(StatePath),
            MaxLine = (int)values.Get(MaxLine),
            Reports = reports,
        };
    }

    private static LogFileSource? MakeSource(SectionValues file, ConfigurationDiagnostics diagnostics)
    {
        List<LogPattern> patterns = [];
        foreach (string text in file.Get(Pattern))
        {
            if (LogPattern.TryMake(text, out LogPattern? pattern, out string problem))
            {
                patterns.Add(pattern!);
            }
            else
            {
                diagnostics.Error(file.PathOf(Pattern), $"{DisplayText.Value(text)} can't be used", problem);
            }
        }

        Regex? begin = null;
        if (file.Get(Multiline) is { } first && !LogPattern.TryMakeRegex(first, out begin, out string why))
        {
            diagnostics.Error(file.PathOf(Multiline), $"{DisplayText.Value(first)} can't be used", why);
        }

        string? path = file.Get(Path);
        if (path is null && !file.Mentions(Path))
        {
            diagnostics.Error(file.PathOf(Path), "it is missing", "name a log file");
        }

        if (patterns.Count == 0 && !diagnostics.HasErrorIn(file.Path))
        {
            diagnostics.Error(file.PathOf(Pattern), "it is missing", "write a regular expression whose first group is the SIP Call-ID, or \"uuid\"");
        }

        string host = file.Get(Host) ?? "";
        return path is null ? null : new LogFileSource
        {
            Path = path,
            Patterns = patterns,
            Tag = file.Get(Tag) ?? "",
            Host = host,
            Address = HepAddress.TryParse(Encoding.UTF8.GetBytes(host), out HepAddress address) ? address : default,
            TimeFormat = file.Get(TimeFormat),
            RecordBegin = begin,
        };
    }
}
