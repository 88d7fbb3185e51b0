using System.Text;

namespace HepBridge.Configuration.Tables;

/// <summary>Secrets, either in the configuration or in a file.</summary>
internal static class Secrets
{
    /// <summary>
    /// Reads a secret from its key, or from the first line of the file that the other key names; null if neither is set.
    /// Setting both is an error.
    /// </summary>
    public static string? Read(SectionValues values, ValueKey<string?> key, ValueKey<string?> fileKey, ConfigurationDiagnostics diagnostics)
    {
        if (values.Mentions(key) && values.Mentions(fileKey))
        {
            diagnostics.Error(values.PathOf(fileKey), $"{key.Name} is set, too", "keep one of them");
            return null;
        }

        return values.Get(fileKey) is { } file ? ReadFile(file, values.PathOf(fileKey), key, diagnostics) : values.Has(key) ? values.Get(key) : null;
    }

    private static string? ReadFile(string file, string path, ValueKey<string?> key, ConfigurationDiagnostics diagnostics)
    {
        byte[] content;
        try
        {
            content = diagnostics.Environment.ReadFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string why = exception is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read";
            diagnostics.Error(path, $"the file {DisplayText.Value(file)} {why}", "specify a file that HepBridge's user can read");
            return null;
        }

        using StreamReader reader = new(new MemoryStream(content, writable: false), Encoding.UTF8);
        string line = reader.ReadLine() ?? "";
        if (line.Length > 0 && key.Kind.TryMake(line, out string? secret))
        {
            return secret;
        }

        string what = line.Length == 0 ? "is empty" : $"is not {key.Kind.Noun}";
        diagnostics.Error(path, $"the first line of {DisplayText.Value(file)} {what}", key.Kind.Advice);
        return null;
    }
}
