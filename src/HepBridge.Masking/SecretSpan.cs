using System.Buffers;
using System.Text;

namespace HepBridge.Masking;

/// <summary>Start and end of a secret in a text.</summary>
internal readonly record struct SecretSpan(int Start, int End)
{
    private static readonly SearchValues<byte> _hexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Most blanks or backslashes between a name and its value.</summary>
    public const int MaxBlanks = 4;

    /// <summary>Longest look back for what a name belongs to, in bytes.</summary>
    public const int MaxLookBack = 1024;

    private const int MinDigest = 8;

    /// <summary>The secret after a name and its separator.</summary>
    public static SecretSpan Behind(ReadOnlySpan<byte> text, NameRun name, int separator, MaskPattern pattern, TextForm form)
    {
        int start = separator + 1;
        for (int blanks = 0; start < text.Length && blanks < MaxBlanks && text[start] is (byte)' ' or (byte)'\t'; blanks++)
        {
            start++;
        }

        if (pattern.Extent == MaskExtent.Line)
        {
            return Line(text, start, form);
        }

        int end = SecretEnd.Find(text, name, ref start, separator, form);
        return pattern.IsDigestResponse && !IsDigest(text, start, end) ? new SecretSpan(start, start) : new SecretSpan(start, end);
    }

    /// <summary>The secret in a string that is entirely one named value: that of a JSON member.</summary>
    public static SecretSpan Whole(ReadOnlySpan<byte> value, MaskPattern pattern) =>
        pattern.Extent == MaskExtent.Line ? Line(value, 0, TextForm.JsonString)
        : pattern.IsDigestResponse && !IsDigest(value, 0, value.Length) ? default
        : new SecretSpan(0, value.Length);

    /// <summary>The password in <c>user:password@</c> that ends at an <c>@</c>; empty if there is none.</summary>
    public static SecretSpan BeforeAt(ReadOnlySpan<byte> text, int at, TextForm form, out NameRun user)
    {
        user = default;
        int start = at;
        while (start > 0 && at - start < MaxLookBack && !EndsWord(text[start - 1]) && text[start - 1] != '@')
        {
            start--;
        }

        ReadOnlySpan<byte> word = text[start..at];
        int colon = word.IndexOf((byte)':');
        bool hasScheme = start > 1 && text[start - 1] == '/' && text[start - 2] == '/';
        if (colon > 0 && IsScheme(word[..colon]))
        {
            hasScheme = true;
            start += colon + 1;
            word = text[start..at];
            colon = word.IndexOf((byte)':');
        }

        // In a SIP message a Call-ID may look like this; passwords only appear in URIs there.
        if (colon <= 0 || colon == word.Length - 1 || (form == TextForm.Sip && !hasScheme) || IsOfId(text, start, word[..colon]))
        {
            return default;
        }

        user = NameRun.Before(text, start + colon, form);
        int end = at;
        for (int i = at + 1; i < text.Length && i - at < MaxLookBack && !EndsWord(text[i]); i++)
        {
            // A password may contain an @.
            end = text[i] == '@' ? i : end;
        }

        return new SecretSpan(start + colon + 1, end);
    }

    /// <summary>Whether a name is that of a call's or channel's identifier.</summary>
    public static bool NamesId(ReadOnlySpan<byte> name) =>
        EndsWith(name, "callid"u8) || EndsWith(name, "call_id"u8) || EndsWith(name, "call-id"u8) || EndsWith(name, "uuid"u8) || EndsWith(name, "unique-id"u8)
        || EndsWith(name, "correlation_id"u8) || EndsWith(name, "-cid"u8);

    // To the end of the line and of its continuation lines. Keeps the first of several words, and Digest credentials,
    // whose response has its own pattern.
    private static SecretSpan Line(ReadOnlySpan<byte> text, int start, TextForm form)
    {
        int end = start;
        while (true)
        {
            end = TextLines.End(text, end, form, out int next);
            if (next >= text.Length || text[next] is not ((byte)' ' or (byte)'\t'))
            {
                break;
            }

            end = next;
        }

        if (form != TextForm.JsonString)
        {
            int quote = start < end && text[start] == '"' ? 1 : 0;
            start += quote;
            int closing = quote > 0 ? text[start..end].IndexOf((byte)'"') : -1;
            end = closing < 0 ? end : start + closing;
        }

        ReadOnlySpan<byte> line = text[start..end];
        if (line.Length > 6 && Ascii.EqualsIgnoreCase(line[..6], "digest"u8) && line[6] is (byte)' ' or (byte)'\t')
        {
            return new SecretSpan(start, start);
        }

        int word = line.IndexOfAny((byte)' ', (byte)'\t');
        return word > 0 && !line[word..].Trim(" \t"u8).IsEmpty ? new SecretSpan(start + word + 1, end) : new SecretSpan(start, end);
    }

    private static bool IsDigest(ReadOnlySpan<byte> text, int start, int end)
    {
        ReadOnlySpan<byte> value = text[start..end];
        if (value.Length >= MinDigest && !value.ContainsAnyExcept(_hexDigits))
        {
            return true;
        }

        ReadOnlySpan<byte> before = text[Math.Max(0, start - MaxLookBack)..start];
        return before.IndexOf("Digest "u8) >= 0 || before.IndexOf("nonce="u8) >= 0;
    }

    private static bool EndsWord(byte c) => c is <= (byte)' ' or (byte)'"' or (byte)'\'' or (byte)'<' or (byte)'>' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)'('
        or (byte)')' or (byte)'/' or (byte)'\\' or (byte)',' or (byte)';' or (byte)'|' or (byte)'?' or (byte)'=';

    private static bool IsScheme(ReadOnlySpan<byte> word) =>
        Is(word, "sip"u8) || Is(word, "sips"u8) || Is(word, "tel"u8) || Is(word, "mailto"u8) || Is(word, "xmpp"u8) || Is(word, "im"u8) || Is(word, "pres"u8) || Is(word, "h323"u8)
        || Is(word, "cid"u8) || Is(word, "urn"u8) || Is(word, "conference"u8);

    // callid=a:b@host, "callid":"a:b@host", Call-ID: a:b@host
    private static bool IsOfId(ReadOnlySpan<byte> text, int start, ReadOnlySpan<byte> user)
    {
        if (NamesId(user))
        {
            return true;
        }

        int separator = start;
        for (int gap = 0; separator > 0 && gap < MaxBlanks && text[separator - 1] is (byte)' ' or (byte)'"' or (byte)'\\'; gap++)
        {
            separator--;
        }

        if (separator < 1 || text[separator - 1] is not ((byte)'=' or (byte)':'))
        {
            return false;
        }

        NameRun name = NameRun.Before(text, separator - 1, TextForm.Text);
        return NamesId(text[name.Start..name.End]);
    }

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(word, lower);

    private static bool EndsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => name.Length >= lower.Length && Ascii.EqualsIgnoreCase(name[^lower.Length..], lower);
}
