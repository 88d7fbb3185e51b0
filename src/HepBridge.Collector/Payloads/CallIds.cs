using System.Security.Cryptography;
using System.Text;

namespace HepBridge.Collector.Payloads;

/// <summary>
/// Makes the store's name of a call from a Call-ID, the same one for a SIP header and for a correlation id. A Call-ID over
/// <see cref="MaxLength"/> bytes keeps its beginning and a hash of the whole, so that its packets still meet.
/// </summary>
internal static class CallIds
{
    /// <summary>Longest Call-ID kept whole, in bytes.</summary>
    public const int MaxLength = 1024;

    private const int KeptBeginning = 200;
    private const int HashLength = 8;

    /// <summary>The name; empty if the Call-ID is empty or blank.</summary>
    public static string Name(ReadOnlySpan<byte> callId)
    {
        // Some agents count a C string's end into the chunk, or the end of the line.
        ReadOnlySpan<byte> trimmed = callId.Trim(" \t\r\n\0"u8);
        return trimmed.Length <= MaxLength
            ? Encoding.UTF8.GetString(trimmed)
            : $"{Encoding.UTF8.GetString(trimmed[..KeptBeginning])}…{Convert.ToHexStringLower(SHA256.HashData(trimmed).AsSpan(0, HashLength))}";
    }
}
