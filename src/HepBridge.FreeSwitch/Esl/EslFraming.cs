using System.Text;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Finds the end of an event socket frame: <c>headers LF LF body</c>, with <c>Content-Length</c> bytes of body.
/// </summary>
/// <remarks>Pure: no socket, no buffer. Accepts headers in any order and case, and CR before LF.</remarks>
public static class EslFraming
{
    /// <summary>Longest header block; the switch's own are under 1 KB.</summary>
    internal const int MaxHeaders = 16 * 1024;

    /// <summary>
    /// Reads the frame at the start of <paramref name="bytes"/>. Returns false with <see cref="EslFrameError.None"/> if more bytes are needed:
    /// <paramref name="length"/> in total if known, else 0.
    /// </summary>
    /// <param name="bytes">The bytes received, starting at a frame.</param>
    /// <param name="maxFrame">Largest frame to accept, headers and body.</param>
    /// <param name="frame">The frame, a view of <paramref name="bytes"/>.</param>
    /// <param name="length">The frame's length, including blank lines before it.</param>
    /// <param name="error">Why the bytes are not a frame.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int maxFrame, out EslFrame frame, out int length, out EslFrameError error)
    {
        // Every event of a real switch starts with these headers in this order: no need to search for lines.
        if (bytes.StartsWith("Content-Length: "u8) && TryReadEvent(bytes, maxFrame, out frame, out length))
        {
            error = EslFrameError.None;
            return true;
        }

        return TryReadAny(bytes, maxFrame, out frame, out length, out error);
    }

    private static bool TryReadEvent(ReadOnlySpan<byte> bytes, int maxFrame, out EslFrame frame, out int length)
    {
        frame = default;
        length = 0;
        int body = 0;
        int i = 16;
        while (i < bytes.Length && i < 16 + 9 && (uint)(bytes[i] - '0') <= 9)
        {
            body = (body * 10) + (bytes[i] - '0');
            i++;
        }

        ReadOnlySpan<byte> rest = bytes[i..];
        EslContentType type;
        int end;
        if (rest.StartsWith("\nContent-Type: text/event-plain\n\n"u8))
        {
            (type, end) = (EslContentType.EventPlain, i + 33);
        }
        else if (rest.StartsWith("\nContent-Type: text/event-json\n\n"u8))
        {
            (type, end) = (EslContentType.EventJson, i + 32);
        }
        else
        {
            return false;
        }

        if (i == 16 || bytes.Length - end < body || end + body > maxFrame)
        {
            return false;
        }

        length = end + body;
        frame = new EslFrame(type, bytes[..length], end - 1, end);
        return true;
    }

    private static bool TryReadAny(ReadOnlySpan<byte> bytes, int maxFrame, out EslFrame frame, out int length, out EslFrameError error)
    {
        frame = default;
        length = 0;
        int start = bytes.IndexOfAnyExcept((byte)'\n', (byte)'\r');
        int blank = start < 0 ? bytes.Length : start;
        if (start < 0 || blank > MaxHeaders)
        {
            error = blank > MaxHeaders ? EslFrameError.HeadersTooLong : EslFrameError.None;
            return false;
        }

        EslContentType? type = null;
        int body = -1;
        int position = start;
        while (true)
        {
            int line = bytes[position..].IndexOf((byte)'\n');
            if (line < 0 || position + line - start > MaxHeaders)
            {
                error = bytes.Length - start > MaxHeaders ? EslFrameError.HeadersTooLong : EslFrameError.None;
                return false;
            }

            ReadOnlySpan<byte> text = bytes.Slice(position, line).TrimEnd((byte)'\r');
            int next = position + line + 1;
            if (text.IsEmpty)
            {
                return TryFinish(bytes, maxFrame, type, start, position, next, Math.Max(body, 0), out frame, out length, out error);
            }

            error = ReadLine(text, ref type, ref body);
            if (error != EslFrameError.None)
            {
                return false;
            }

            position = next;
        }
    }

    private static EslFrameError ReadLine(ReadOnlySpan<byte> line, ref EslContentType? type, ref int body)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return EslFrameError.HeaderWithoutColon;
        }

        ReadOnlySpan<byte> name = line[..colon];
        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "Content-Type"u8))
        {
            type ??= TypeOf(value);
        }
        else if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
        {
            int before = body;
            body = 0;
            foreach (byte digit in value)
            {
                if ((uint)(digit - '0') > 9)
                {
                    return EslFrameError.BadContentLength;
                }

                if (body > 100_000_000)
                {
                    return EslFrameError.FrameTooLong;
                }

                body = (body * 10) + (digit - '0');
            }

            if (value.IsEmpty || (before >= 0 && before != body))
            {
                return EslFrameError.BadContentLength;
            }
        }

        return EslFrameError.None;
    }

    private static bool TryFinish(
        ReadOnlySpan<byte> bytes, int maxFrame, EslContentType? type, int start, int headersEnd, int bodyStart, int body,
        out EslFrame frame, out int length, out EslFrameError error)
    {
        frame = default;
        length = 0;
        if (type is null)
        {
            error = EslFrameError.NoContentType;
            return false;
        }

        if ((long)bodyStart - start + body > maxFrame)
        {
            error = EslFrameError.FrameTooLong;
            return false;
        }

        error = EslFrameError.None;
        length = bodyStart + body;
        if (bytes.Length < length)
        {
            return false;
        }

        frame = new EslFrame(type.Value, bytes[start..length], headersEnd - start, bodyStart - start);
        return true;
    }

    private static EslContentType TypeOf(ReadOnlySpan<byte> value)
    {
        return
            Is(value, "text/event-plain"u8) ? EslContentType.EventPlain :
            Is(value, "text/event-json"u8) ? EslContentType.EventJson :
            Is(value, "log/data"u8) ? EslContentType.LogData :
            Is(value, "command/reply"u8) ? EslContentType.CommandReply :
            Is(value, "api/response"u8) ? EslContentType.ApiResponse :
            Is(value, "auth/request"u8) ? EslContentType.AuthRequest :
            Is(value, "text/event-xml"u8) ? EslContentType.EventXml :
            Is(value, "text/disconnect-notice"u8) ? EslContentType.DisconnectNotice :
            Is(value, "text/rude-rejection"u8) ? EslContentType.RudeRejection :
            EslContentType.Other;

        static bool Is(ReadOnlySpan<byte> value, ReadOnlySpan<byte> type) => Ascii.EqualsIgnoreCase(value, type);
    }
}

/// <summary>Why bytes are not event socket frames. The stream cannot be resynchronized afterwards: close it.</summary>
public enum EslFrameError
{
    None,

    /// <summary>A header line without a colon: probably another protocol.</summary>
    HeaderWithoutColon,

    /// <summary>More than 16 KB of headers without the terminating blank line.</summary>
    HeadersTooLong,

    /// <summary>No <c>Content-Type</c> among the headers.</summary>
    NoContentType,

    /// <summary><c>Content-Length</c> is not a decimal number, or two of them differ.</summary>
    BadContentLength,

    /// <summary>Headers and body together exceed the reader's limit.</summary>
    FrameTooLong,
}
