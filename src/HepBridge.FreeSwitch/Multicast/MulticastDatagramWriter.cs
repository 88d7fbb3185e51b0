using System.Text;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Writes datagrams as mod_event_multicast sends them. Not thread-safe.</summary>
/// <param name="sender">The value of <c>Multicast-Sender</c> for events that have none; empty adds none.</param>
/// <param name="cipher">Encrypts; null for plaintext.</param>
public sealed class MulticastDatagramWriter(string sender, PskCipher? cipher)
{
    // FreeSWITCH built with OpenSSL leaves room for the prefix and one IV, and sends it as NULs without a psk.
    private const int NulsAfterPlain = 256 + 16;

    private readonly byte[] _senderLine = Encoding.UTF8.GetBytes(sender.Length == 0 ? "" : $"Multicast-Sender: {sender}\n");

    /// <summary>Writes one datagram.</summary>
    /// <param name="plain">The event in plain serialization: headers, a blank line, maybe a body.</param>
    /// <param name="id">The UUID at the start of an encrypted datagram, a new one for each; its first 8 characters are the IV.</param>
    /// <param name="destination">At least <see cref="MulticastDatagram.MaxLength"/> bytes.</param>
    /// <param name="written">The datagram's length.</param>
    /// <returns>False if it is larger than a datagram can be.</returns>
    public bool TryWrite(ReadOnlySpan<byte> plain, Guid id, byte[] destination, out int written)
    {
        ArgumentNullException.ThrowIfNull(destination);
        written = 0;
        int headersEnd = HeadersEnd(plain);
        ReadOnlySpan<byte> senderLine = HasSender(plain[..headersEnd]) ? default : _senderLine;
        ReadOnlySpan<byte> ending = plain[headersEnd..] is [(byte)'\n', ..] ? default : "\n"u8;
        int length = plain.Length + senderLine.Length + ending.Length + MulticastDatagram.Trailer.Length;
        int total = cipher is null ? length + NulsAfterPlain : MulticastDatagram.PrefixLength + PskCipher.EncryptedLength(length);
        if (total > MulticastDatagram.MaxLength || total > destination.Length)
        {
            return false;
        }

        int start = cipher is null ? 0 : MulticastDatagram.PrefixLength;
        Span<byte> rest = destination.AsSpan(start);
        rest = Append(rest, plain[..headersEnd]);
        rest = Append(rest, senderLine);
        rest = Append(rest, ending);
        rest = Append(rest, plain[headersEnd..]);
        rest = Append(rest, MulticastDatagram.Trailer);
        if (cipher is null)
        {
            rest[..NulsAfterPlain].Clear();
        }
        else
        {
            Span<byte> prefix = destination.AsSpan(0, MulticastDatagram.PrefixLength);
            prefix.Clear();
            id.TryFormat(prefix, out _);
            cipher.Encrypt(destination, start, length, prefix[..PskCipher.BlockLength]);
        }

        written = total;
        return true;
    }

    // Position after the last header's line feed: that of the blank line, if there is one.
    private static int HeadersEnd(ReadOnlySpan<byte> plain)
    {
        int blank = plain.IndexOf("\n\n"u8);
        return blank < 0 ? plain.Length : blank + 1;
    }

    private static bool HasSender(ReadOnlySpan<byte> headers) =>
        headers.StartsWith("Multicast-Sender:"u8) || headers.IndexOf("\nMulticast-Sender:"u8) >= 0;

    private static Span<byte> Append(Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination);
        return destination[bytes.Length..];
    }
}
