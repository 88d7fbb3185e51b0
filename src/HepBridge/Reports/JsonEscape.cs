namespace HepBridge.Reports;

/// <summary>Escapes bytes as the content of a JSON string, in place.</summary>
internal static class JsonEscape
{
    /// <summary>
    /// Repairs the first bytes of a buffer (<see cref="ReadableText.Repair"/>) and escapes them. Returns the new length, or -1 if the
    /// result does not fit; the content is then undefined.
    /// </summary>
    /// <remarks>Escaping makes it longer, so characters are moved starting from the end.</remarks>
    public static int InPlace(Span<byte> buffer, int length)
    {
        int special = SpecialBytes.IndexOf(buffer[..length], (byte)'"', (byte)'\\', (byte)'"', (byte)'\\');
        if (special < 0)
        {
            return length;
        }

        length = ReadableText.Repair(buffer, length);
        int extra = 0;
        foreach (byte c in length < 0 ? default : buffer[special..length])
        {
            extra += c is (byte)'"' or (byte)'\\' or (byte)'\n' or (byte)'\r' or (byte)'\t' ? 1 : c < 0x20 ? 5 : 0;
        }

        int escaped = length + extra;
        if (length < 0 || escaped > buffer.Length)
        {
            return -1;
        }

        int to = escaped;
        for (int from = length - 1; from >= 0 && to - 1 > from; from--)
        {
            byte c = buffer[from];
            switch (c)
            {
                case (byte)'"' or (byte)'\\':
                    buffer[--to] = c;
                    buffer[--to] = (byte)'\\';
                    break;
                case (byte)'\n' or (byte)'\r' or (byte)'\t':
                    buffer[--to] = c == '\n' ? (byte)'n' : c == '\r' ? (byte)'r' : (byte)'t';
                    buffer[--to] = (byte)'\\';
                    break;
                case < 0x20:
                    buffer[--to] = HexDigit(c & 15);
                    buffer[--to] = HexDigit(c >> 4);
                    buffer[--to] = (byte)'0';
                    buffer[--to] = (byte)'0';
                    buffer[--to] = (byte)'u';
                    buffer[--to] = (byte)'\\';
                    break;
                default:
                    buffer[--to] = c;
                    break;
            }
        }

        return escaped;
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
