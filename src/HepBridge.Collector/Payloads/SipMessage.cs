using System.Buffers;
using System.Text;

namespace HepBridge.Collector.Payloads;

/// <summary>The few fields of a SIP message (RFC 3261) that the viewer shows and correlates by. Absent fields are empty.</summary>
/// <remarks><c>Related</c>: identifiers of other legs of the same call, see <see cref="RelatedDialog"/>.</remarks>
internal sealed record SipMessage(string Method, int Status, string Reason, string CallId, string From, string To, IReadOnlyList<string> Related)
{
    // Displayed and indexed values are kept short; the whole message is stored, too.
    private const int MaxValue = 256;
    private const int MaxHeaders = 200;

    public bool IsRequest => Status == 0;

    /// <summary>Parses a message; false if the first line is not SIP or there is no Call-ID.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out SipMessage message)
    {
        message = null!;

        // A stream may have keep-alives before a message (RFC 3261, 7.5; RFC 5626, 3.5.1).
        ReadOnlySpan<byte> rest = payload.TrimStart("\r\n"u8);
        ReadOnlySpan<byte> first = NextLine(ref rest);
        int status = 0;
        string method = string.Empty;
        string reason = string.Empty;
        if (first.StartsWith("SIP/2.0 "u8) && first.Length >= 11 && int.TryParse(first.Slice(8, 3), out status) && status is >= 100 and < 700)
        {
            reason = Text(first[11..].Trim((byte)' '));
        }
        else if (first.EndsWith(" SIP/2.0"u8) && first.IndexOf((byte)' ') is > 0 and <= 32 and int space)
        {
            status = 0;
            method = Text(first[..space]);
        }
        else
        {
            return false;
        }

        string callId = string.Empty, from = string.Empty, to = string.Empty;
        List<string> related = [];
        for (int i = 0; i < MaxHeaders && !rest.IsEmpty; i++)
        {
            ReadOnlySpan<byte> line = NextHeader(ref rest);
            int colon = line.IndexOf((byte)':');
            if (line.IsEmpty)
            {
                break;
            }

            if (colon <= 0)
            {
                continue;
            }

            ReadOnlySpan<byte> name = line[..colon].Trim(" \t"u8);
            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            if (Is(name, "Call-ID"u8, (byte)'i') && callId.Length == 0)
            {
                callId = CallIds.Name(value);
            }
            else if (Is(name, "From"u8, (byte)'f'))
            {
                from = User(value);
            }
            else if (Is(name, "To"u8, (byte)'t'))
            {
                to = User(value);
            }
            else if (status != 0 && Is(name, "CSeq"u8, 0) && value.LastIndexOf((byte)' ') is >= 0 and int at)
            {
                method = Text(value[(at + 1)..]);
            }
            else
            {
                RelatedDialog.Read(name, value, related);
            }
        }

        message = new SipMessage(method, status, reason, callId, from, to, related);
        return callId.Length > 0;
    }

    // A line that starts with a space continues the previous one (RFC 3261, 7.3.1). Only such headers are copied.
    private static ReadOnlySpan<byte> NextHeader(ref ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> line = NextLine(ref rest);
        if (line.IsEmpty || rest is not [(byte)' ' or (byte)'\t', ..])
        {
            return line;
        }

        ArrayBufferWriter<byte> unfolded = new(2 * line.Length);
        unfolded.Write(line);
        while (rest is [(byte)' ' or (byte)'\t', ..])
        {
            unfolded.Write(" "u8);
            unfolded.Write(NextLine(ref rest).Trim(" \t"u8));
        }

        return unfolded.WrittenSpan;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> full, byte compact) =>
        Ascii.EqualsIgnoreCase(name, full) || (name.Length == 1 && compact != 0 && (name[0] | 0x20) == compact);

    // The user part of a name-addr or addr-spec, else its host: "Ext" <sip:1000@host;x>;tag=y is 1000.
    private static string User(ReadOnlySpan<byte> value)
    {
        int scheme = value.IndexOf("sip:"u8);
        int skip = 4;
        if (scheme < 0)
        {
            scheme = value.IndexOf("sips:"u8);
            skip = 5;
        }

        if (scheme < 0 && (scheme = value.IndexOf("tel:"u8)) >= 0)
        {
            skip = 4;
        }

        if (scheme < 0)
        {
            return Text(value);
        }

        ReadOnlySpan<byte> uri = value[(scheme + skip)..];
        int end = uri.IndexOfAny(">;?"u8);
        uri = end < 0 ? uri : uri[..end];
        int at = uri.IndexOf((byte)'@');
        return Text(at > 0 ? uri[..at] : uri);
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value.Length > MaxValue ? value[..MaxValue] : value);
}
