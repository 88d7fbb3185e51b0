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
internal sealed class MaskPattern(string name, MaskExtent extent)
{
    private const int MaxLength = 128;
    private readonly Glob _name = new(name);
    private readonly uint _letters = NameRun.LettersOf(Encoding.ASCII.GetBytes(name));

    public MaskExtent Extent => extent;

    /// <summary>"response" is an everyday word: only mask it if the value looks like a digest (RFC 7616).</summary>
    public bool IsDigestResponse { get; } = name.Equals("response", StringComparison.OrdinalIgnoreCase);

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

        pattern = new MaskPattern(name, extent.Value);
        return true;
    }

    /// <summary>Whether the pattern applies to a name. Time is bounded by the lengths of both.</summary>
    public bool Matches(ReadOnlySpan<byte> name, uint letters) => (_letters & ~letters) == 0 && _name.Matches(name);
}
