using System.Text;
using System.Text.Unicode;

namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Makes identifiers (Call-ID, Unique-ID, switch name) fit to send: valid UTF-8 without control bytes. PostgreSQL
/// rejects anything else, and Homer 7 then loses a whole batch of rows.
/// </summary>
internal static class IdText
{
    public static bool IsClean(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e) < 0
        || (text.IndexOfAnyInRange((byte)0, (byte)0x1f) < 0 && !text.Contains((byte)0x7f) && Utf8.IsValid(text));

    /// <summary>Writes the text with each disallowed byte as <c>%XX</c>, and returns as much as fits.</summary>
    public static ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int written = 0;
        while (!text.IsEmpty)
        {
            bool isClean = Rune.DecodeFromUtf8(text, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done
                && rune.Value is not (< 0x20 or 0x7f);
            int length = isClean ? consumed : consumed * 3;
            if (length > destination.Length - written)
            {
                break;
            }

            foreach (byte b in text[..consumed])
            {
                if (isClean)
                {
                    destination[written++] = b;
                }
                else
                {
                    destination[written++] = (byte)'%';
                    destination[written++] = "0123456789ABCDEF"u8[b >> 4];
                    destination[written++] = "0123456789ABCDEF"u8[b & 15];
                }
            }

            text = text[consumed..];
        }

        return destination[..written];
    }
}
