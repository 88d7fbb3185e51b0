using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace HepBridge.Masking;

/// <summary>How much text a <see cref="MaskPattern"/> masks.</summary>
internal enum MaskExtent
{
    /// <summary>The value after the name: <c>NAME=*</c>.</summary>
    Value,

    /// <summary>Everything after the name to the end of the line, except the first of several words: <c>NAME=**</c>.</summary>
    Line,

    /// <summary>The text between a user's name and an <c>@</c>: <c>NAME:*@</c>.</summary>
    UserInfo,
}

/// <summary>
/// One entry of <c>mask_values</c>: <c>NAME=*</c>, <c>NAME=**</c> or <c>NAME:*@</c>. In NAME, <c>*</c> matches any
/// characters. Ignores case as well as quotes and spaces around the separator; <c>=</c> also matches <c>:</c>.
/// </summary>
internal sealed class MaskPattern
{
    private const int MaxLength = 128;
    private readonly byte[] _name;
    private readonly uint _letters;

    private MaskPattern(string text, string name, MaskExtent extent)
    {
        Text = text;
        Extent = extent;
        _name = Encoding.ASCII.GetBytes(name.ToLowerInvariant());
        foreach (byte c in _name)
        {
            _letters |= NameRun.LetterBit(c);
        }

        IsDigestResponse = name.Equals("response", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    public MaskExtent Extent { get; }

    /// <summary>"response" is an everyday word: only mask it if the value looks like a digest (RFC 7616).</summary>
    public bool IsDigestResponse { get; }

    /// <summary>Parses a pattern; false if invalid.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MaskPattern? pattern)
    {
        pattern = null;
        int separator = text.LastIndexOfAny(['=', ':']);
        if (separator < 1 || text.Length > MaxLength)
        {
            return false;
        }

        string name = text[..separator];
        MaskExtent? extent = text[(separator + 1)..].Trim(' ') switch
        {
            "*" => MaskExtent.Value,
            "**" => MaskExtent.Line,
            "*@" => MaskExtent.UserInfo,
            _ => null,
        };
        if (extent is null || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '*' or '_' or '-' or '.') || (extent != MaskExtent.UserInfo && !name.Any(char.IsAsciiLetterOrDigit)))
        {
            return false;
        }

        pattern = new MaskPattern(text, name, extent.Value);
        return true;
    }

    /// <summary>Whether the pattern applies to a name. Time is bounded by the lengths of both.</summary>
    public bool Matches(ReadOnlySpan<byte> name, uint letters)
    {
        if ((_letters & ~letters) != 0)
        {
            return false;
        }

        int p = 0;
        int n = 0;
        int star = -1;
        int mark = 0;
        while (n < name.Length)
        {
            if (p < _name.Length && _name[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < _name.Length && _name[p] == NameRun.Lower(name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < _name.Length && _name[p] == '*')
        {
            p++;
        }

        return p == _name.Length;
    }
}
