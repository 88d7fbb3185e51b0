namespace HepBridge.Masking;

/// <summary>Finds where a named value ends: at its closing quote, at the end of the list that contains it, or at the end of the word.</summary>
internal static class SecretEnd
{
    /// <summary>The end of the value; moves <paramref name="start"/> behind its opening quote or bracket.</summary>
    public static int Find(ReadOnlySpan<byte> text, NameRun name, ref int start, int separator, TextForm form)
    {
        int slashes = start;
        while (slashes < text.Length && slashes - start < SecretSpan.MaxBlanks && text[slashes] == '\\')
        {
            slashes++;
        }

        byte first = slashes < text.Length ? text[slashes] : (byte)0;
        if (first is (byte)'"' or (byte)'\'')
        {
            int escapes = slashes - start;
            start = slashes + 1;
            return QuotedEnd(text, start, first, escapes, form);
        }

        // FreeSWITCH logs variables as [name]=[value].
        if (first == '[' && separator > 0 && text[separator - 1] == ']')
        {
            start = slashes + 1;
            int close = text[start..].IndexOf((byte)']');
            return close < 0 ? TextLines.End(text, start, form, out _) : start + close;
        }

        if (FindBracket(text, name.Start, out byte closing, out byte comma))
        {
            return BracketEnd(text, start, closing, comma, form);
        }

        // A value that starts with the name is secret to its end: an argument of "set" or "export".
        return form is TextForm.Value or TextForm.JsonString && BeginsValue(text[..name.Start]) ? TextLines.End(text, start, form, out _) : WordEnd(text, start, form);
    }

    private static int QuotedEnd(ReadOnlySpan<byte> text, int start, byte quote, int escapes, TextForm form)
    {
        int i = start;
        for (; i < text.Length && !TextLines.IsEnd(text, i, form); i++)
        {
            if (text[i] == quote)
            {
                int before = 0;
                while (i - before > start && text[i - before - 1] == '\\')
                {
                    before++;
                }

                if (before <= escapes)
                {
                    return i - before;
                }
            }
        }

        return Math.Min(i, text.Length);
    }

    // {a=b,c=d}, [a=b], <a=b>, (a=b): the innermost one open at the name; ^^: makes another character the comma.
    private static bool FindBracket(ReadOnlySpan<byte> text, int at, out byte closing, out byte comma)
    {
        (closing, comma) = (0, (byte)',');
        int depth = 0;
        for (int i = at - 1; i >= 0 && at - i < SecretSpan.MaxLookBack && text[i] != '\n'; i--)
        {
            byte c = text[i];
            if (c is (byte)'}' or (byte)']' or (byte)'>' or (byte)')')
            {
                depth++;
            }
            else if (c is (byte)'{' or (byte)'[' or (byte)'<' or (byte)'(' && depth-- == 0)
            {
                closing = c switch { (byte)'{' => (byte)'}', (byte)'[' => (byte)']', (byte)'<' => (byte)'>', _ => (byte)')' };
                ReadOnlySpan<byte> inside = text[(i + 1)..at];
                if (inside.Length > 2 && inside[0] == '^' && inside[1] == '^')
                {
                    comma = inside[2];
                }
                else if (inside.StartsWith("sip:"u8) || inside.StartsWith("sips:"u8))
                {
                    comma = (byte)';';
                }

                return true;
            }
        }

        return false;
    }

    private static int BracketEnd(ReadOnlySpan<byte> text, int start, byte closing, byte comma, TextForm form)
    {
        int i = start;
        for (; i < text.Length && !TextLines.IsEnd(text, i, form); i++)
        {
            byte c = text[i];
            if (c == closing || c == comma || (c == '"' && form is TextForm.Text or TextForm.JsonString))
            {
                return i;
            }

            i += c == '\\' ? 1 : 0;
        }

        return Math.Min(i, text.Length);
    }

    private static bool BeginsValue(ReadOnlySpan<byte> before)
    {
        ReadOnlySpan<byte> trimmed = before.TrimStart((byte)' ');
        return trimmed.IsEmpty || trimmed.SequenceEqual("nolocal:"u8) || trimmed.SequenceEqual("_nolocal_"u8);
    }

    private static int WordEnd(ReadOnlySpan<byte> text, int start, TextForm form)
    {
        int i = start;
        for (; i < text.Length && !TextLines.IsEnd(text, i, form); i++)
        {
            byte c = text[i];
            if (c is (byte)' ' or (byte)'\t' or (byte)',' or (byte)';' or (byte)'&' or (byte)'|' or (byte)'"' or (byte)'\'' or (byte)'}' or (byte)']' or (byte)'>' or (byte)')')
            {
                return i > start && text[i - 1] == '\\' && c is (byte)'"' ? i - 1 : i;
            }
        }

        return Math.Min(i, text.Length);
    }
}
