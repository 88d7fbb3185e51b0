using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace HepBridge.Collector.Printing;

/// <summary>
/// Recognizes JSON objects and arrays, and removes their white space. Numbers and strings remain as written, except
/// that characters a terminal would interpret become \u escapes.
/// </summary>
internal static class CompactJson
{
    /// <summary>False, with nothing written, if <paramref name="utf8"/> is not a single JSON object or array (nested at most 64 deep).</summary>
    public static bool TryWrite(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> output)
    {
        utf8 = utf8.Trim(" \t\r\n"u8);
        if (utf8.IsEmpty || utf8[0] is not ((byte)'{' or (byte)'[') || !Utf8.IsValid(utf8) || !IsJson(utf8))
        {
            return false;
        }

        bool inString = false;
        while (!utf8.IsEmpty)
        {
            int length = 1;
            if (!inString)
            {
                inString = utf8[0] == '"';
                if (utf8[0] > ' ')
                {
                    output.Write(utf8[..1]);
                }
            }
            else if (utf8[0] == '\\')
            {
                length = 2;
                output.Write(utf8[..2]);
            }
            else
            {
                inString = utf8[0] != '"';
                _ = Rune.DecodeFromUtf8(utf8, out Rune rune, out length);
                WriteCharacter(rune, utf8[..length], output);
            }

            utf8 = utf8[length..];
        }

        return true;
    }

    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader reader = new(utf8);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            // The class library only reports invalid JSON by an exception.
            return false;
        }
    }

    private static void WriteCharacter(Rune rune, ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> output)
    {
        if (VisibleText.IsSafe(rune))
        {
            output.Write(utf8);
            return;
        }

        Span<char> units = stackalloc char[2];
        foreach (char unit in units[..rune.EncodeToUtf16(units)])
        {
            output.Write("\\u"u8);
            _ = ((ushort)unit).TryFormat(output.GetSpan(4), out int digits, "x4", System.Globalization.CultureInfo.InvariantCulture);
            output.Advance(digits);
        }
    }
}
