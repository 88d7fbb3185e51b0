using System.Buffers;
using System.Text;

namespace HepBridge.Fuzz.Mutations;

/// <summary>Mutations of text made of lines, names, numbers and escapes.</summary>
internal static class TextMutations
{
    private static readonly byte[][] _numbers = Texts(
        "0", "-0", "1", "-1", "00000000000000000001", "127", "128", "255", "256", "32768", "65535", "65536", "2147483647", "2147483648", "-2147483648", "4294967295",
        "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "1e308", "1e309",
        "-1e400", "0.1", "4.50", "4.5.0", "NaN", "Infinity", "0x7f", "1 ", "+1", "", "1795316112510626", "99999999999999999999999999999999", "1e-400");

    private static readonly byte[][] _broken =
    [
        .. Texts("%", "%4", "%zz", "%00", "%0A", "%0a%0a", "%25", "%2541", "%C3%28", "%ED%A0%80", "%F4%90%80%80",
            "%u0041", "\\", "\\u", "\\ud800", "\\ud800\\ud800", "\\udc00", "\\u0000", "\\x", "\\\"",
            "\u2028", "\uFEFF", "\u202e", "é", "𝄞", "_undef_", "undef", "null", "true", "[]", "{}", "[\"a\",\"b\"]", "ARRAY::a|:b", "\"", "'"),
        [0xc3], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0x80], [0xff], [0xe2, 0x82], [0], [0x1b, 0x5b, 0x32, 0x4a],
    ];

    private static readonly byte[][] _separators = Texts(
        "\n", "\n\n", "\r\n", "\r", ":", ": ", " :", ",", ",,", ";", "=", "\"", "{", "}", "[", "]", "/", "@", "<", ">", " ", "\t", "\r\n\r\n");

    private static readonly SearchValues<byte> _marks = SearchValues.Create(":\n,\"{}[]="u8);

    public static IReadOnlyList<Mutation> All { get; } =
        [ReplaceNumber, ReplaceNumber, InsertBroken, InsertSeparator, ReplaceSeparator, DropLine, DuplicateLine, SwapLines, EmptyValue, ChangeCase];

    /// <summary>Inserts keywords of the target.</summary>
    public static Mutation Words(params string[] words)
    {
        byte[][] texts = Texts(words);
        return (mutant, dice) =>
        {
            byte[] word = dice.Pick(texts);
            int at = dice.Next(mutant.Length + 1);
            mutant.Replace(at, dice.OneIn(2) ? 0 : Math.Min(word.Length, mutant.Length - at), word);
        };
    }

    /// <summary>Changes the number in a header, to a close or a distant value.</summary>
    public static Mutation HeaderNumber(string header)
    {
        byte[] name = Encoding.UTF8.GetBytes(header);
        return (mutant, dice) =>
        {
            int start = FindFrom(mutant.Bytes, name, dice.Next(mutant.Length));
            if (start < 0)
            {
                return;
            }

            start += name.Length;
            while (start < mutant.Length && mutant.Bytes[start] is (byte)':' or (byte)' ')
            {
                start++;
            }

            int end = EndOfNumber(mutant.Bytes, start);
            byte[] number = dice.Pick(_numbers);
            if (dice.OneIn(2) && long.TryParse(mutant.Bytes[start..end], out long value))
            {
                number = Encoding.ASCII.GetBytes($"{value + dice.Next(-3, 4)}");
            }

            mutant.Replace(start, end - start, number);
        };
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static void ReplaceNumber(Mutant mutant, Dice dice)
    {
        int from = dice.Next(mutant.Length);
        int digit = mutant.Bytes[from..].IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digit >= 0)
        {
            int end = EndOfNumber(mutant.Bytes, from + digit);
            mutant.Replace(from + digit, end - from - digit, dice.Pick(_numbers));
        }
    }

    private static void InsertBroken(Mutant mutant, Dice dice) => mutant.Insert(dice.Next(mutant.Length + 1), dice.Pick(_broken));

    private static void InsertSeparator(Mutant mutant, Dice dice) => mutant.Insert(dice.Next(mutant.Length + 1), dice.Pick(_separators));

    private static void ReplaceSeparator(Mutant mutant, Dice dice)
    {
        int from = dice.Next(mutant.Length);
        int found = mutant.Bytes[from..].IndexOfAny(_marks);
        if (found >= 0)
        {
            mutant.Replace(from + found, 1, dice.OneIn(3) ? default : dice.Pick(_separators));
        }
    }

    private static void DropLine(Mutant mutant, Dice dice)
    {
        (int start, int length) = Line(mutant, dice);
        mutant.Remove(start, length);
    }

    private static void DuplicateLine(Mutant mutant, Dice dice)
    {
        (int start, int length) = Line(mutant, dice);
        (int at, _) = Line(mutant, dice);
        mutant.Insert(at, mutant.Bytes.Slice(start, length));
    }

    private static void SwapLines(Mutant mutant, Dice dice)
    {
        (int start, int length) = Line(mutant, dice);
        byte[] line = mutant.Bytes.Slice(start, length).ToArray();
        mutant.Remove(start, length);
        (int at, _) = Line(mutant, dice);
        mutant.Insert(at, line);
    }

    private static void EmptyValue(Mutant mutant, Dice dice)
    {
        (int start, int length) = Line(mutant, dice);
        int colon = mutant.Bytes.Slice(start, length).IndexOf((byte)':');
        if (colon >= 0 && length > colon + 1)
        {
            mutant.Replace(start + colon + 1, length - colon - 1, dice.OneIn(2) ? "\n"u8 : " _undef_\n"u8);
        }
    }

    private static void ChangeCase(Mutant mutant, Dice dice)
    {
        int at = dice.Next(mutant.Length);
        foreach (ref byte octet in mutant.Bytes.Slice(at, Math.Min(dice.Next(12), mutant.Length - at)))
        {
            octet = char.IsAsciiLetter((char)octet) ? (byte)(octet ^ 0x20) : octet;
        }
    }

    private static (int Start, int Length) Line(Mutant mutant, Dice dice)
    {
        int at = dice.Next(mutant.Length);
        int start = mutant.Bytes[..at].LastIndexOf((byte)'\n') + 1;
        int length = mutant.Bytes[start..].IndexOf((byte)'\n');
        return (start, length < 0 ? mutant.Length - start : length + 1);
    }

    private static int EndOfNumber(ReadOnlySpan<byte> bytes, int start)
    {
        int length = bytes[start..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? bytes.Length : start + length;
    }

    private static int FindFrom(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> text, int from)
    {
        int found = bytes[from..].IndexOf(text);
        return found >= 0 ? from + found : bytes.IndexOf(text);
    }
}
