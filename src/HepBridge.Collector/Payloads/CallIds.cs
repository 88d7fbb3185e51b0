using System.Security.Cryptography;
using System.Text;

namespace HepBridge.Collector.Payloads;

/// <summary>
/// Turns a Call-ID into the store's key for a call, the same for a SIP header and a correlation id. A Call-ID over <see
/// cref="MaxLength"/> bytes is reduced to its start and a hash of all of it, so that its packets still match.
/// </summary>
internal static class CallIds
{
    /// <summary>Longest Call-ID stored in full, in bytes.</summary>
    public const int MaxLength = 1024;

    private const int KeptBeginning = 200;
    private const int HashLength = 8;

    /// <summary>The key; empty if the Call-ID is empty or blank.</summary>
    public static string Name(ReadOnlySpan<byte> callId)
    {
        // Some agents include a terminating NUL or the line break in the chunk.
        ReadOnlySpan<byte> trimmed = callId.Trim(" \t\r\n\0"u8);
        return trimmed.Length <= MaxLength
            ? Encoding.UTF8.GetString(trimmed)
            : $"{Encoding.UTF8.GetString(trimmed[..KeptBeginning])}…{Convert.ToHexStringLower(SHA256.HashData(trimmed).AsSpan(0, HashLength))}";
    }
}
