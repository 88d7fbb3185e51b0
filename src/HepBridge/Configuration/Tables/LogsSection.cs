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

    public static ValueKey<bool> ReportLines { get; } = new("report_log_lines", EnumValues.Flag, "true", "Lines of the files that name a call: type 100.");

    public static ValueKey<string?> StatePath { get; } = new("state_path",
        new("a path", "write the path of a file, or \"\" for none", (string text, out string? value) =>
        {
            value = text.Length == 0 ? null : text;
            return value is null || TextValues.FilePath.TryMake(text, out _);
        }),
        "/var/lib/hepbridge/log-positions.json",
        "The file that keeps how far each log file was read, so that a restart neither loses nor repeats lines. Empty: none, a restart begins at the end of each file.");

    public static ValueKey<long> MaxLine { get; } = new("max_line", NumericValues.Size("256", "64KB"), "16KB", "The longest line, and the longest record of several lines; the rest is cut and counted.");

    public static KeyGroup Group { get; } = new(
        "`logs_config`: log files",
        "One object, or a list of objects. `logs` is a list of the files.",
        ReportLines, StatePath, MaxLine, ReportKeys.LogLevel, ReportKeys.MaxPacket, ReportKeys.AgentAddress);

    public static ValueKey<string?> Path { get; } = new("path", TextValues.FilePath!, null, "The file, or a glob over file names such as `/var/log/app/*.log`. Files may appear later, be rotated by rename or by copy and truncate.");

    public static ListKey<string> Pattern { get; } = new("pattern", TextValues.Line, [],
        "Regular expressions that find the call of a line; the first that matches counts. A group `(?<callid>…)`, else the first group, is the SIP Call-ID. "
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
        "How the group `time` is written: a .NET date format, `unix` (seconds), `unix_ms` or `unix_us`; without it ISO 8601. Without a zone it is local time.");

    public static ValueKey<string?> Multiline { get; } = new("multiline", TextValues.Line!, null,
        "A regular expression that matches the first line of a record: the lines up to the next such line, or up to a second of silence, are one record (stack traces).");

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
