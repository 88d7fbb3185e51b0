namespace HepBridge.Masking;

/// <summary>Where lines end in a text's form: in a JSON string at the escapes <c>\r</c> and <c>\n</c>.</summary>
internal static class TextLines
{
    /// <summary>Whether the line ends here.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> text, int at, TextForm form) => form == TextForm.JsonString
        ? text[at] == '\\' && at + 1 < text.Length && text[at + 1] is (byte)'r' or (byte)'n'
        : text[at] is (byte)'\r' or (byte)'\n';

    /// <summary>The end of the line, and the start of the next one.</summary>
    public static int End(ReadOnlySpan<byte> text, int start, TextForm form, out int next)
    {
        if (form != TextForm.JsonString)
        {
            int end = text[start..].IndexOfAny((byte)'\r', (byte)'\n');
            end = end < 0 ? text.Length : start + end;
            next = end < text.Length - 1 && text[end] == '\r' && text[end + 1] == '\n' ? end + 2 : end + 1;
            return end;
        }

        int at = start;
        while (text[Math.Min(at, text.Length)..].IndexOf((byte)'\\') is >= 0 and int escape && at + escape + 1 < text.Length)
        {
            at += escape;
            if (IsEnd(text, at, form))
            {
                next = text[(at + 2)..].StartsWith("\\n"u8) ? at + 4 : at + 2;
                return at;
            }

            at += 2;
        }

        next = text.Length;
        return text.Length;
    }
}

/// <summary>Kind of a text; determines how its parts end.</summary>
internal enum TextForm
{
    /// <summary>One decoded value.</summary>
    Value,

    /// <summary>The content of a JSON string, with its escapes.</summary>
    JsonString,

    /// <summary>Text with several values.</summary>
    Text,
    Sip,
}
