using System.Buffers;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.Collector.Payloads;

/// <summary>The few fields of a SIP message (RFC 3261) that the viewer shows and correlates by. Absent fields are empty.</summary>
/// <remarks><c>Related</c>: identifiers of other legs of the same call, see <see cref="RelatedDialog"/>.</remarks>
internal sealed record SipMessage(string Method, int Status, string Reason, string CallId, string From, string To, IReadOnlyList<string> Related)
{
    // Displayed and indexed values are kept short; the whole message is stored, too.
    private const int MaxValue = 256;
    private const int MaxHeaders = 200;
    private const int MaxMethod = 32;

    public bool IsRequest => Status == 0;

    /// <summary>Parses a message; false if the first line is not SIP or there is no Call-ID.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out SipMessage message)
    {
        message = null!;
        if (!SipReader.TryStart(payload, out SipReader reader) || reader.Status is (> 0 and < 100) or >= 700 || reader.Method.Length > MaxMethod)
        {
            return false;
        }

        string method = Text(reader.Method);
        string callId = string.Empty, from = string.Empty, to = string.Empty;
        List<string> related = [];
        for (int i = 0; i < MaxHeaders && reader.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> raw); i++)
        {
            ReadOnlySpan<byte> value = Unfold(raw);
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
            else if (reader.Status != 0 && Is(name, "CSeq"u8, 0) && value.LastIndexOf((byte)' ') is >= 0 and int at)
            {
                method = Text(value[(at + 1)..]);
            }
            else
            {
                RelatedDialog.Read(name, value, related);
            }
        }

        message = new SipMessage(method, reader.Status, Text(reader.Reason), callId, from, to, related);
        return callId.Length > 0;
    }

    // A line that starts with a space continues the previous one (RFC 3261, 7.3.1). Only such values are copied.
    private static ReadOnlySpan<byte> Unfold(ReadOnlySpan<byte> value)
    {
        if (!value.Contains((byte)'\n'))
        {
            return value;
        }

        ArrayBufferWriter<byte> unfolded = new(value.Length);
        foreach (Range line in value.Split((byte)'\n'))
        {
            unfolded.Write(unfolded.WrittenCount == 0 ? default : " "u8);
            unfolded.Write(value[line].Trim(" \t\r"u8));
        }

        return unfolded.WrittenSpan;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> full, byte compact) =>
        Ascii.EqualsIgnoreCase(name, full) || (name.Length == 1 && compact != 0 && (name[0] | 0x20) == compact);

    // The user part of a name-addr or addr-spec, else its host: "Ext" <sip:1000@host;x>;tag=y is 1000.
    private static string User(ReadOnlySpan<byte> value)
    {
        int start = After(value, "sip:"u8) ?? After(value, "sips:"u8) ?? After(value, "tel:"u8) ?? -1;
        if (start < 0)
        {
            return Text(value);
        }

        ReadOnlySpan<byte> uri = value[start..];
        int end = uri.IndexOfAny(">;?"u8);
        uri = end < 0 ? uri : uri[..end];
        int at = uri.IndexOf((byte)'@');
        return Text(at > 0 ? uri[..at] : uri);
    }

    private static int? After(ReadOnlySpan<byte> value, ReadOnlySpan<byte> scheme) => value.IndexOf(scheme) is >= 0 and int at ? at + scheme.Length : null;

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value.Length > MaxValue ? value[..MaxValue] : value);
}

/// <summary>
/// SIP headers that name another leg of the same call, or have the same value on all its legs: X-CID and similar, Replaces (RFC 3891), Refer-To with Replaces,
/// Target-Dialog (RFC 4538), Session-ID (RFC 7989), the icid-value of P-Charging-Vector (RFC 7315), Cisco-Guid.
/// </summary>
internal static class RelatedDialog
{
    /// <summary>Most names taken from one message.</summary>
    public const int MaxNames = 4;

    /// <summary>Adds the names in a header: a Call-ID unchanged, any other identifier with a prefix.</summary>
    public static void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, List<string> names)
    {
        if (name.Length is < 5 or > 20 || value.IsEmpty || names.Count >= MaxNames)
        {
            return;
        }

        if (Is(name, "X-CID"u8) || Is(name, "X-Call-ID"u8) || Is(name, "X-CallID"u8))
        {
            Add(names, string.Empty, value);
        }
        else if (Is(name, "Replaces"u8) || Is(name, "Target-Dialog"u8))
        {
            Add(names, string.Empty, Until(value, ";"u8));
        }
        else if (Is(name, "Refer-To"u8) && After(value, "Replaces="u8) is { IsEmpty: false } replaced)
        {
            Add(names, string.Empty, Until(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Encoding.UTF8.GetString(Until(replaced, ">&"u8)))), ";"u8));
        }
        else if (Is(name, "Session-ID"u8))
        {
            AddSession(names, Until(value, ";"u8));
            AddSession(names, Until(After(value, "remote="u8), ";"u8));
        }
        else if (Is(name, "P-Charging-Vector"u8))
        {
            Add(names, "icid:", Until(After(value, "icid-value="u8), ";"u8).Trim("\" "u8));
        }
        else if (Is(name, "Cisco-Guid"u8))
        {
            Add(names, "guid:", value);
        }
    }

    // The remote identifier is all zeros until it is known.
    private static void AddSession(List<string> names, ReadOnlySpan<byte> id)
    {
        if (id.Trim("0 "u8).Length > 0)
        {
            Add(names, "session:", id);
        }
    }

    private static void Add(List<string> names, string kind, ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t"u8);
        if (!value.IsEmpty && names.Count < MaxNames)
        {
            names.Add(kind + CallIds.Name(value));
        }
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> value, ReadOnlySpan<byte> key)
    {
        for (int i = 0; i + key.Length <= value.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(value.Slice(i, key.Length), key))
            {
                return value[(i + key.Length)..];
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> Until(ReadOnlySpan<byte> value, ReadOnlySpan<byte> ends)
    {
        int end = value.IndexOfAny(ends);
        return end < 0 ? value : value[..end];
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> header) => Ascii.EqualsIgnoreCase(name, header);
}
