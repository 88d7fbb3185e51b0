using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace HepBridge.Collector.Payloads;

/// <summary>Parses untrusted JSON: it may be broken, deep, of the wrong types, or have numbers as strings.</summary>
internal static class Json
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 16, AllowTrailingCommas = true };

    /// <summary>Parses an object; false if it is anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        Utf8JsonReader reader = new(payload, new JsonReaderOptions { MaxDepth = _options.MaxDepth, AllowTrailingCommas = true });
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out document) || document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document is not null;
            }
        }
        catch (JsonException)
        {
            // Not JSON: the packet is shown as text.
            return false;
        }

        document.Dispose();
        document = null;
        return false;
    }

    /// <summary>
    /// Finds a member of an object; false if it is missing, or if a name in the object is not valid text (half a
    /// surrogate pair, broken UTF-8).
    /// </summary>
    public static bool TryGet(JsonElement parent, string name, out JsonElement value)
    {
        value = default;
        try
        {
            return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            // The class library unescapes every name that it passes during the search.
            return false;
        }
    }

    /// <summary>A text value, or a number as text; empty if it is absent.</summary>
    public static string Text(JsonElement parent, string name)
    {
        if (!TryGet(parent, name, out JsonElement value))
        {
            return string.Empty;
        }

        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() ?? string.Empty,
                JsonValueKind.Number => value.GetRawText(),
                _ => string.Empty,
            };
        }
        catch (InvalidOperationException)
        {
            // A string with a lone surrogate or broken UTF-8 cannot be read as text.
            return string.Empty;
        }
    }

    /// <summary>A finite number within ±10¹⁵, also if written as text; else null.</summary>
    public static double? Number(JsonElement parent, string name)
    {
        string text = Text(parent, name);
        return text.Length is > 0 and <= 40
            && double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value)
            && Math.Abs(value) <= 1e15
            ? value
            : null;
    }
}
