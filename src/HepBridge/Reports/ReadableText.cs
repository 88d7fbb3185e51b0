using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace HepBridge.Reports;

/// <summary>Makes bytes that others wrote text that can be shown, where they stand.</summary>
internal static class ReadableText
{
    private static readonly SearchValues<byte> _special = SearchValues.Create(MakeSpecial());

    /// <summary>Makes control characters blanks, line ends and tabs too unless lines are kept, and drops what is no UTF-8. Returns how many bytes are left.</summary>
    public static int Clean(Span<byte> text, bool keepLines)
    {
        if (text.IndexOfAny(_special) < 0)
        {
            return text.Length;
        }

        int length = DropInvalid(text);
        foreach (ref byte c in text[..length])
        {
            if ((c < 0x20 && !(keepLines && c is (byte)'\n' or (byte)'\t')) || c == 0x7f)
            {
                c = (byte)' ';
            }
        }

        return length;
    }

    /// <summary>Removes NUL and what is no UTF-8, as collectors do (they would otherwise drop it later, or the row). Returns how many bytes are left.</summary>
    public static int DropInvalid(Span<byte> text)
    {
        if (!text.Contains((byte)0) && Utf8.IsValid(text))
        {
            return text.Length;
        }

        int kept = 0;
        int at = 0;
        while (at < text.Length)
        {
            OperationStatus status = Rune.DecodeFromUtf8(text[at..], out Rune rune, out int consumed);
            if (status == OperationStatus.Done && rune.Value != 0)
            {
                text.Slice(at, consumed).CopyTo(text[kept..]);
                kept += consumed;
            }

            at += consumed;
        }

        return kept;
    }

    private static byte[] MakeSpecial() =>
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x81)).Select(c => (byte)c)];
}
