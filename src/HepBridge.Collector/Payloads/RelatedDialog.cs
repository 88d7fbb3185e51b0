using System.Text;

namespace HepBridge.Collector.Payloads;

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
