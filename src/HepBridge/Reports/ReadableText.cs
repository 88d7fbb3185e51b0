using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace HepBridge.Reports;

/// <summary>Turns foreign bytes into valid UTF-8 without NUL, in place: collectors drop other text, or the whole row.</summary>
internal static class ReadableText
{
    /// <summary>
    /// Repairs the first bytes of a buffer. A byte that is not valid UTF-8 is read as Latin-1, which old phones and gateways send: <c>Ren\xE9</c>
    /// becomes <c>René</c>. Bytes without a Latin-1 character, and NUL, become U+FFFD. Returns the new length, or -1 if the result does not fit.
    /// </summary>
    public static int Repair(Span<byte> buffer, int length)
    {
        ReadOnlySpan<byte> text = buffer[..length];
        if (!text.Contains((byte)0) && Utf8.IsValid(text))
        {
            return length;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        text.CopyTo(copy);
        int repaired = Rewrite(copy.AsSpan(0, length), buffer);
        ArrayPool<byte>.Shared.Return(copy);
        return repaired;
    }

    private static int Rewrite(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int written = 0;
        while (!source.IsEmpty)
        {
            bool isValid = Rune.DecodeFromUtf8(source, out Rune rune, out int consumed) == OperationStatus.Done && rune.Value != 0;
            if (!isValid)
            {
                consumed = 1;
                rune = source[0] >= 0xa0 ? new Rune(source[0]) : Rune.ReplacementChar;
            }

            if (!rune.TryEncodeToUtf8(destination[written..], out int length))
            {
                return -1;
            }

            written += length;
            source = source[consumed..];
        }

        return written;
    }
}
