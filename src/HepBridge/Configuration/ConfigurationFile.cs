using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace HepBridge.Configuration;

/// <summary>Finds the configuration file and parses its JSON, with comments and trailing commas.</summary>
internal static class ConfigurationFile
{
    public const string PathVariable = "HEPBRIDGE_CONFIG";

    /// <summary>Default locations of the file, in this order.</summary>
    public static IReadOnlyList<string> DefaultPaths { get; } = ["config.json", "/etc/hepbridge/config.json"];

    /// <summary>The file to read: <paramref name="path"/>, else <c>$HEPBRIDGE_CONFIG</c>, else the first existing one of <see cref="DefaultPaths"/>.</summary>
    public static string? Find(string? path, ConfigurationDiagnostics diagnostics)
    {
        ConfigurationEnvironment environment = diagnostics.Environment;
        string? named = path ?? environment.Variables.GetValueOrDefault(PathVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        string? found = DefaultPaths.FirstOrDefault(environment.FileExists);
        if (found is null)
        {
            diagnostics.Error(
                DefaultPaths[0],
                $"no configuration file (looked for ./{string.Join(" and ", DefaultPaths)})",
                $"name one with --config FILE or {PathVariable}");
        }

        return found;
    }

    /// <summary>Parses a file into a tree; false, with the reason in <paramref name="diagnostics"/>, if it cannot be read or parsed.</summary>
    public static bool TryRead(string path, ConfigurationDiagnostics diagnostics, [NotNullWhen(true)] out ConfigurationNode? root)
    {
        root = null;
        return TryReadBytes(path, diagnostics, out byte[]? content) && TryParse(path, content, diagnostics, out root);
    }

    private static bool TryReadBytes(string path, ConfigurationDiagnostics diagnostics, [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        try
        {
            content = diagnostics.Environment.ReadFile(path);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            diagnostics.Error(path, "no such file", "check the path (the project's config.json is a starting point)");
        }
        catch (UnauthorizedAccessException)
        {
            diagnostics.Error(path, Directory.Exists(path) ? "it is a directory" : "permission denied", "specify a file that HepBridge's user can read");
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            diagnostics.Error(path, $"cannot be read ({exception.Message.TrimEnd('.')})", "check the path and the disk");
        }

        return false;
    }

    private static bool TryParse(string path, byte[] content, ConfigurationDiagnostics diagnostics, [NotNullWhen(true)] out ConfigurationNode? root)
    {
        root = null;
        try
        {
            if (FindShapeError(content) is (string what, string advice))
            {
                diagnostics.Error(path, what, advice);
                return false;
            }

            using MemoryStream stream = new(content, writable: false);
            FlatJson json = new(new JsonStreamConfigurationSource { Stream = stream });
            json.Load();
            root = json.ToTree();
            return true;
        }
        catch (JsonException exception)
        {
            ReportBrokenJson(path, content, exception, diagnostics);
        }
        catch (FormatException)
        {
            // Keys are read as paths with ':' as separator: "a:b" is the same as "b" in "a".
            diagnostics.Error(path, "a key with ':' is the same as another key", "write the key inside its object");
        }
        catch (InvalidOperationException)
        {
            diagnostics.Error(path, "a string contains half of a \\u surrogate pair", "write both halves, or the character itself");
        }

        return false;
    }

    /// <summary>Finds errors in well-formed JSON: not an object, or an object with a duplicate key. Null if there are none.</summary>
    private static (string What, string Advice)? FindShapeError(ReadOnlySpan<byte> content)
    {
        Utf8JsonReader reader = new(
            content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        Stack<(HashSet<string>? Keys, string Path)> open = [];
        string name = "";
        string? duplicate = null;
        bool isObject = false;
        while (reader.Read())
        {
            isObject |= reader is { CurrentDepth: 0, TokenType: JsonTokenType.StartObject };
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push((new HashSet<string>(StringComparer.OrdinalIgnoreCase), name));
                    break;
                case JsonTokenType.StartArray:
                    open.Push((null, name));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    name = open.Pop().Path;
                    break;
                case JsonTokenType.PropertyName:
                    string key = reader.GetString()!;
                    name = open.Peek().Path.Length == 0 ? key : $"{open.Peek().Path}.{key}";
                    duplicate ??= open.Peek().Keys!.Add(key) ? null : name;
                    break;
                default:
                    break;
            }
        }

        return !isObject ? ("not a single JSON object", "put everything between one { and }")
            : duplicate is not null ? ($"duplicate key {DisplayText.Key(duplicate)} (keys are case-insensitive)", "keep one of them")
            : null;
    }

    private static void ReportBrokenJson(string path, byte[] content, JsonException exception, ConfigurationDiagnostics diagnostics)
    {
        if (content.AsSpan().IndexOfAnyExcept(" \t\r\n\uFEFF"u8) < 0)
        {
            diagnostics.Error(path, "the file is empty", "start from the project's config.json");
            return;
        }

        int line = (int)(exception.LineNumber ?? 0);
        ReadOnlySpan<byte> rest = content;
        for (int skipped = 0; skipped < line && rest.IndexOf((byte)'\n') is >= 0 and int end; skipped++)
        {
            rest = rest[(end + 1)..];
        }

        // The parser counts bytes, an editor counts characters.
        int column = Encoding.UTF8.GetCharCount(rest[..(int)Math.Min(exception.BytePositionInLine ?? 0, rest.Length)]) + 1;

        // Do not show the parser's message: it may quote part of the file, and that may be a password.
        diagnostics.Error(
            path,
            $"invalid JSON at line {line + 1}, column {column}",
            "check there and just before for a missing comma, quote or bracket");
    }

    /// <summary>The JSON provider of Microsoft.Extensions.Configuration, exposing its flat pairs.</summary>
    private sealed class FlatJson(JsonStreamConfigurationSource source) : JsonStreamConfigurationProvider(source)
    {
        public ConfigurationNode ToTree()
        {
            ConfigurationNode root = new();
            foreach ((string key, string? value) in Data)
            {
                ConfigurationNode node = root;
                foreach (string segment in key.Split(':'))
                {
                    node = node.FindOrAdd(segment);
                }

                node.Value = value;
            }

            return root;
        }
    }
}
