namespace HepBridge.Masking;

/// <summary>The name before a separator, found by scanning backward.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte behind it.</param>
/// <param name="Letters">The letters in it, one bit each: one comparison rules out most patterns.</param>
internal readonly record struct NameRun(int Start, int End, uint Letters)
{
    private const int MaxName = 64;
    private const int MaxGap = 6;

    /// <summary>Skips spaces, quotes and a closing bracket backward to the name; keeps the last 64 bytes of a longer name.</summary>
    public static NameRun Before(ReadOnlySpan<byte> text, int separator, TextForm form)
    {
        int end = separator;
        for (int gap = 0; end > 0 && gap < MaxGap && text[end - 1] is (byte)' ' or (byte)'\t' or (byte)'"' or (byte)'\'' or (byte)'\\' or (byte)']'; gap++)
        {
            end--;
        }

        int start = end;
        uint letters = 0;
        while (start > 0 && end - start < MaxName && IsName(text[start - 1]))
        {
            letters |= LetterBit(text[--start]);
        }

        // The n of an escaped line break (\n) is not part of the name.
        if (form == TextForm.JsonString && start > 0 && start < end && text[start - 1] == '\\' && text[start] is (byte)'n' or (byte)'r' or (byte)'t')
        {
            start++;
        }

        return new NameRun(start, end, letters);
    }

    public static bool IsName(byte c) =>
        c is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_' or (byte)'-' or (byte)'.';

    public static uint LetterBit(byte c)
    {
        int letter = Lower(c) - 'a';
        return (uint)letter < 26 ? 1u << letter : 0;
    }

    public static uint LettersOf(ReadOnlySpan<byte> name)
    {
        uint letters = 0;
        foreach (byte c in name)
        {
            letters |= LetterBit(c);
        }

        return letters;
    }

    public static byte Lower(byte c) => c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c;
}
