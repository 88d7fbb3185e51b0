using System.Buffers;

namespace HepBridge.Masking;

/// <summary>
/// Overwrites secrets in a text with asterisks, in place and without changing its length: SRTP keys, ICE passwords,
/// passwords in dial strings and variables, SIP credentials. One pass without backtracking or allocation. Immutable, so
/// thread-safe.
/// </summary>
public sealed class ValueMask
{
    private static readonly SearchValues<byte> _anchors = SearchValues.Create(":=@"u8);
    private readonly MaskPattern[] _named;
    private readonly MaskPattern[] _userInfo;

    private ValueMask(IEnumerable<MaskPattern> patterns)
    {
        ILookup<bool, MaskPattern> isUserInfo = patterns.ToLookup(static pattern => pattern.Extent == MaskExtent.UserInfo);
        _named = [.. isUserInfo[false]];
        _userInfo = [.. isUserInfo[true]];
    }

    /// <summary>The default of <c>mask_values</c>.</summary>
    public static IReadOnlyList<string> DefaultPatterns { get; } =
    [
        "inline:*", "ice-pwd:*", "key-mgmt:**", "k=**", "*password*=*", "*passwd*=*", "*passphrase*=*", "*secret*=*", "*token*=*", "pass=*", "*_pass=*", "*-pass=*", "*pwd=*",
        "pin=*", "*_pin=*", "*-pin=*", "a1-hash=*", "ha1=*", "*api*key=*", "*credential*=*", "*authorization:**", "response=*", "*:*@",
    ];

    /// <summary>The mask with the default patterns.</summary>
    public static ValueMask Default { get; } = Create(DefaultPatterns);

    /// <summary>Whether a text is a valid pattern: <c>NAME=*</c>, <c>NAME=**</c> or <c>NAME:*@</c>.</summary>
    public static bool IsPattern(string text) => MaskPattern.TryParse(text, out _);

    /// <summary>Creates a mask.</summary>
    /// <exception cref="ArgumentException">A pattern is invalid.</exception>
    public static ValueMask Create(IEnumerable<string> patterns) => new(
        patterns.Select(static text => MaskPattern.TryParse(text, out MaskPattern? pattern) ? pattern : throw new ArgumentException($"'{text}' is not a pattern.")));

    /// <summary>Masks one decoded value: a header's, a log line, an SDP.</summary>
    public void Apply(Span<byte> value)
    {
        if (value.IndexOfAny(_anchors) >= 0)
        {
            Apply(value, TextForm.Value);
        }
    }

    /// <summary>Masks the whole payload of a HEP packet: a SIP message, JSON or text.</summary>
    public void ApplyToPayload(Span<byte> payload)
    {
        if (payload.IndexOfAny(_anchors) < 0)
        {
            return;
        }

        ReadOnlySpan<byte> start = ((ReadOnlySpan<byte>)payload).TrimStart(" \t\r\n"u8);
        if (!start.IsEmpty && start[0] is (byte)'{' or (byte)'[')
        {
            ApplyToJson(payload);
            return;
        }

        int line = start.IndexOf((byte)'\n');
        Apply(payload, (line < 0 ? start : start[..line]).IndexOf("SIP/2.0"u8) >= 0 ? TextForm.Sip : TextForm.Text);
    }

    private void Apply(Span<byte> text, TextForm form)
    {
        int at = 0;
        while (at < text.Length)
        {
            int found = text[at..].IndexOfAny(_anchors);
            if (found < 0)
            {
                return;
            }

            at += found;
            int end = text[at] == '@' ? MaskUserInfo(text, at, form) : MaskNamed(text, at, form);
            at = Math.Max(at + 1, end);
        }
    }

    // Mask strings one by one; if this is not JSON, mask the rest as text.
    private void ApplyToJson(Span<byte> json)
    {
        Span<byte> name = default;
        int at = 0;
        while (at < json.Length)
        {
            int quote = json[at..].IndexOf((byte)'"');
            Span<byte> between = quote < 0 ? json[at..] : json.Slice(at, quote);
            MaskBetween(between, name);
            if (quote < 0)
            {
                return;
            }

            at += quote + 1;
            int length = JsonStringLength(json[at..]);
            Span<byte> content = json.Slice(at, length);
            at += length + 1;
            ReadOnlySpan<byte> behind = at < json.Length ? ((ReadOnlySpan<byte>)json[at..]).TrimStart(" \t\r\n"u8) : default;
            if (!behind.IsEmpty && behind[0] == ':')
            {
                name = content;
                continue;
            }

            if (FindNamed(name, NameRun.LettersOf(name)) is { } pattern)
            {
                SecretSpan secret = SecretSpan.Whole(content, pattern);
                Fill(content[secret.Start..secret.End]);
            }

            // A Call-ID may look like user:password@host, and must not change.
            if (!SecretSpan.NamesId(name))
            {
                Apply(content, TextForm.JsonString);
            }
        }
    }

    // Keeps a number valid JSON, which must not start with a zero.
    private void MaskBetween(Span<byte> between, ReadOnlySpan<byte> name)
    {
        int digit = between.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digit >= 0 && FindNamed(name, NameRun.LettersOf(name)) is { IsDigestResponse: false })
        {
            foreach (ref byte c in between)
            {
                c = c is >= (byte)'0' and <= (byte)'9' ? (byte)'1' : c;
            }
        }

        Apply(between, TextForm.Text);
    }

    private int MaskNamed(Span<byte> text, int separator, TextForm form)
    {
        NameRun name = NameRun.Before(text, separator, form);
        if (name.Start == name.End || FindNamed(text[name.Start..name.End], name.Letters) is not { } pattern)
        {
            return 0;
        }

        // A one-letter name only counts at the start of a line: k=… of an SDP.
        if (name.End - name.Start == 1 && !BeginsLine(text, name.Start, form))
        {
            return 0;
        }

        SecretSpan secret = SecretSpan.Behind(text, name, separator, pattern, form);
        Fill(text[secret.Start..secret.End]);
        return secret.End;
    }

    private int MaskUserInfo(Span<byte> text, int at, TextForm form)
    {
        if (_userInfo.Length == 0)
        {
            return 0;
        }

        SecretSpan secret = SecretSpan.BeforeAt(text, at, form, out NameRun user);
        if (secret.Start == secret.End)
        {
            return 0;
        }

        foreach (MaskPattern pattern in _userInfo)
        {
            if (pattern.Matches(text[user.Start..user.End], user.Letters))
            {
                Fill(text[secret.Start..secret.End]);
                return secret.End;
            }
        }

        return 0;
    }

    private MaskPattern? FindNamed(ReadOnlySpan<byte> name, uint letters)
    {
        foreach (MaskPattern pattern in _named)
        {
            if (pattern.Matches(name, letters))
            {
                return pattern;
            }
        }

        return null;
    }

    private static int JsonStringLength(ReadOnlySpan<byte> rest)
    {
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                return i;
            }

            i += rest[i] == '\\' ? 1 : 0;
        }

        return rest.Length;
    }

    private static bool BeginsLine(ReadOnlySpan<byte> text, int at, TextForm form) =>
        at == 0 || text[at - 1] == '\n' || (form == TextForm.JsonString && text[..at].EndsWith("\\n"u8));

    private static void Fill(Span<byte> secret) => secret.Fill((byte)'*');
}
