using System.Text;

namespace HepBridge.Masking;

/// <summary>A pattern over names: <c>*</c> matches any characters, <c>?</c> matches one. Ignores the case of ASCII letters.</summary>
public readonly struct Glob(string pattern)
{
    private readonly byte[] _pattern = Encoding.UTF8.GetBytes(pattern.ToLowerInvariant());

    /// <summary>Whether the whole name matches. Time is bounded by the lengths of both.</summary>
    public bool Matches(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> pattern = _pattern;
        int p = 0;
        int n = 0;
        int star = -1;
        int mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == NameRun.Lower(name[n])))
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

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }
}
