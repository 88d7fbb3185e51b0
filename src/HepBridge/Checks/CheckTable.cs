using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HepBridge.Checks;

/// <summary>Results as text for people and as JSON for programs.</summary>
internal static class CheckTable
{
    private static readonly JsonWriterOptions _json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One row per result, with advice below it, and a final line with counts.</summary>
    public static string Text(IReadOnlyList<CheckResult> results)
    {
        int width = results.Select(result => result.Subject.Length).Append(0).Max();
        StringBuilder text = new();
        string subject = "";
        foreach (CheckResult result in results)
        {
            string shown = result.Subject == subject ? "" : result.Subject;
            subject = result.Subject;
            text.Append(CultureInfo.InvariantCulture, $"{Word(result.Severity),-8} {shown.PadRight(width)}  {result.What}").AppendLine();
            if (result.Advice is { } advice)
            {
                text.Append(' ', 9 + width).Append("  → ").AppendLine(advice);
            }
        }

        return text.AppendLine().Append(CultureInfo.InvariantCulture, $"{Count(CheckSeverity.Ok)} ok, {Plural(CheckSeverity.Warning, "warning")}, {Plural(CheckSeverity.Error, "error")}").ToString();

        int Count(CheckSeverity severity) => results.Count(result => result.Severity == severity);

        string Plural(CheckSeverity severity, string noun) => $"{Count(severity)} {noun}{(Count(severity) == 1 ? "" : "s")}";
    }

    /// <summary><c>{"ok":…,"findings":[{"severity","subject","what","advice"}]}</c>; <c>ok</c> is false if there are errors.</summary>
    public static string Json(IReadOnlyList<CheckResult> results)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, _json))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ok"u8, !HasError(results));
            writer.WriteStartArray("findings"u8);
            foreach (CheckResult result in results)
            {
                writer.WriteStartObject();
                writer.WriteString("severity"u8, Word(result.Severity));
                writer.WriteString("subject"u8, result.Subject);
                writer.WriteString("what"u8, result.What);
                writer.WriteString("advice"u8, result.Advice);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public static bool HasError(IReadOnlyList<CheckResult> results) => results.Any(result => result.Severity == CheckSeverity.Error);

    private static string Word(CheckSeverity severity) => severity.ToString().ToLowerInvariant();
}
