namespace HepBridge.FreeSwitch.Esl;

/// <summary>Takes <c>Name: value</c> lines off a header block.</summary>
internal static class EslHeaderLine
{
    /// <summary>Takes one line; false at the end. A line without a colon is a name with an empty value.</summary>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (rest.IsEmpty)
        {
            name = default;
            value = default;
            return false;
        }

        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        line = line.TrimEnd((byte)'\r');
        int colon = line.IndexOf((byte)':');
        name = colon < 0 ? line : line[..colon];
        value = colon < 0 ? default : line[(colon + 1)..].Trim(" \t"u8);
        return true;
    }
}
