using System.Globalization;
using System.Text.Json;

namespace HepBridge.Collector.Payloads;

/// <summary>Parses untrusted JSON: it may be broken, deep, of the wrong types, or have numbers as strings.</summary>
internal static class Json
{
    private static readonly JsonReaderOptions _options = new() { MaxDepth = 16, AllowTrailingCommas = true };

    /// <summary>Reads an object; null if the payload is anything else.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> payload, Func<JsonElement, T?> read)
        where T : class
    {
        Utf8JsonReader reader = new(payload, _options);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
            {
                return null;
            }

            using (document)
            {
                return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : null;
            }
        }
        catch (JsonException)
        {
            // Not JSON: the packet is shown as text.
            return null;
        }
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
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && Math.Abs(value) <= 1e15
            ? value
            : null;
    }
}
