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

/// <summary>Formats compact JSON for reading: what fits on one line stays there, anything longer gets a line per member.</summary>
internal static class JsonIndenter
{
    private const int Width = 110;

    /// <summary>Writes the output of <see cref="CompactJson"/> with spaces and line breaks.</summary>
    public static void Write(ReadOnlySpan<byte> compact, ArrayBufferWriter<byte> output) => Write(compact, 0, output);

    private static void Write(ReadOnlySpan<byte> value, int depth, ArrayBufferWriter<byte> output)
    {
        if (value[0] is not ((byte)'{' or (byte)'[') || value.Length + (2 * depth) <= Width)
        {
            WriteInline(value, output);
            return;
        }

        bool isObject = value[0] == '{';
        output.Write(value[..1]);
        ReadOnlySpan<byte> members = value[1..^1];
        while (!members.IsEmpty)
        {
            int end = Find((byte)',', members);
            ReadOnlySpan<byte> member = members[..end];
            NewLine(depth + 1, output);
            if (isObject)
            {
                int colon = Find((byte)':', member);
                output.Write(member[..(colon + 1)]);
                output.Write(" "u8);
                member = member[(colon + 1)..];
            }

            Write(member, depth + 1, output);
            output.Write(end < members.Length ? ","u8 : default);
            members = members[Math.Min(members.Length, end + 1)..];
        }

        NewLine(depth, output);
        output.Write(value[^1..]);
    }

    private static void WriteInline(ReadOnlySpan<byte> value, ArrayBufferWriter<byte> output)
    {
        while (!value.IsEmpty)
        {
            int length = value[0] == '"' ? StringLength(value) : 1;
            output.Write(value[..length]);
            output.Write(value[0] is (byte)',' or (byte)':' ? " "u8 : default);
            value = value[length..];
        }
    }

    private static void NewLine(int depth, ArrayBufferWriter<byte> output)
    {
        output.Write("\n"u8);
        output.GetSpan((2 * depth) + 1)[..(2 * depth)].Fill((byte)' ');
        output.Advance(2 * depth);
    }

    // Position of a character outside strings, objects and arrays; the end if there is none.
    private static int Find(byte sign, ReadOnlySpan<byte> json)
    {
        int depth = 0;
        for (int i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'"':
                    i += StringLength(json[i..]) - 1;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    break;
                case var c when c == sign && depth == 0:
                    return i;
                default:
                    break;
            }
        }

        return json.Length;
    }

    private static int StringLength(ReadOnlySpan<byte> json)
    {
        int i = 1;
        while (json[i] != '"')
        {
            i += json[i] == '\\' ? 2 : 1;
        }

        return i + 1;
    }
}
