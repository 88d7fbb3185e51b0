using System.Text;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

public sealed class MulticastDatagramTests
{
    [Fact]
    public void Every_captured_datagram_has_the_headers_of_the_same_event_on_the_event_socket()
    {
        Dictionary<string, HashSet<string>> events = EventSocketEvents(MulticastCaptures.Unpack("all.esl.bin.gz"));
        List<byte[]> datagrams = MulticastCaptures.Datagrams("all");
        Assert.Equal(197, datagrams.Count);
        foreach (byte[] datagram in datagrams)
        {
            HashSet<string> headers = Headers(Encoding.UTF8.GetString(Open(datagram, null, DatagramReject.None)));
            Assert.Contains("Multicast-Sender: fs-alpha", headers);
            headers.RemoveWhere(line => line.StartsWith("Multicast-Sender:", StringComparison.Ordinal));
            HashSet<string> expected = events[headers.Single(line => line.StartsWith("Event-Sequence:", StringComparison.Ordinal))];
            expected.RemoveWhere(line => line.StartsWith("Multicast-Sender:", StringComparison.Ordinal));
            Assert.Equal(expected, headers);
        }
    }

    [Fact]
    public void Every_captured_event_ends_with_its_blank_line()
    {
        List<byte[]> datagrams = MulticastCaptures.Datagrams("plain");
        Assert.Equal(360, datagrams.Count);
        Assert.All(datagrams, datagram => Assert.EndsWith("\n\n", Encoding.UTF8.GetString(Open(datagram, null, DatagramReject.None)), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(272)]
    [InlineData(5000)]
    public void Any_number_of_NULs_may_follow_the_trailer(int nuls)
    {
        byte[] datagram = [.. "Event-Name: API\n\n"u8, .. MulticastDatagram.Trailer, .. new byte[nuls]];
        Assert.Equal("Event-Name: API\n\n"u8, Open(datagram, null, DatagramReject.None));
    }

    [Fact]
    public void A_body_may_contain_NULs_and_the_trailer()
    {
        byte[] plain = [.. "Event-Name: X\nContent-Length: 24\n\n"u8, 0, .. MulticastDatagram.Trailer, 0, 0];
        byte[] datagram = [.. plain, .. MulticastDatagram.Trailer, 0, 0, 0];
        Assert.Equal(plain, Open(datagram, null, DatagramReject.None));
    }

    [Fact]
    public void Anything_but_an_event_is_rejected_with_a_reason()
    {
        PskCipher cipher = new("hep-bridge-psk"u8);
        byte[] plain = [.. "Event-Name: API\n\n"u8, .. MulticastDatagram.Trailer];
        Open([], null, DatagramReject.Empty);
        Open(new byte[300], null, DatagramReject.NoTrailer);
        Open([.. MulticastDatagram.Trailer, 0], null, DatagramReject.Empty);
        Open([.. "\x01\x02 random"u8], null, DatagramReject.NoTrailer);
        Open(plain[..^1], null, DatagramReject.Truncated);
        Open(plain[..12], null, DatagramReject.Truncated);
        Open(plain, cipher, DatagramReject.PlaintextWithPsk);
        Open(plain[..^1], cipher, DatagramReject.PlaintextWithPsk);
        Open([.. "\x01\x02 random"u8], cipher, DatagramReject.NoTrailer);
    }

    [Fact]
    public void Every_prefix_of_a_plain_datagram_is_truncated_until_the_trailer_is_complete()
    {
        byte[] datagram = MulticastCaptures.Datagrams("plain")[0];
        int whole = datagram.AsSpan().LastIndexOf(MulticastDatagram.Trailer) + MulticastDatagram.Trailer.Length;
        for (int length = 0; length <= datagram.Length; length++)
        {
            DatagramReject reason = MulticastDatagram.Open(datagram, 0, length, null, out _, out _);
            DatagramReject expected = length >= whole ? DatagramReject.None
                : length >= "Event-Name: ".Length ? DatagramReject.Truncated
                : length == 0 ? DatagramReject.Empty : DatagramReject.NoTrailer;
            Assert.Equal(expected, reason);
        }
    }

    [Fact]
    public void A_hundred_thousand_mutated_datagrams_are_accepted_or_rejected_with_a_reason()
    {
        List<byte[]> plain = MulticastCaptures.Datagrams("plain");
        List<byte[]> encrypted = MulticastCaptures.Datagrams("psk");
        PskCipher cipher = new("hep-bridge-psk"u8);
        Random random = new(20261122);
        byte[] buffer = new byte[MulticastDatagram.MaxLength];
        int accepted = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] original = i % 4 == 0 ? encrypted[random.Next(encrypted.Count)] : plain[random.Next(plain.Count)];
            original.CopyTo(buffer, 0);
            int length = random.Next(3) == 0 ? random.Next(original.Length + 1) : original.Length;
            for (int flips = random.Next(4); flips > 0 && length > 0; flips--)
            {
                buffer[random.Next(length)] = (byte)random.Next(256);
            }

            DatagramReject reason = MulticastDatagram.Open(buffer, 0, length, random.Next(3) == 0 ? cipher : null, out int offset, out int eventLength);
            Assert.True(Enum.IsDefined(reason));
            Assert.True(eventLength >= 0 && offset >= 0 && offset + eventLength <= length);
            Assert.Equal(reason == DatagramReject.None, eventLength > 0);
            accepted += reason == DatagramReject.None ? 1 : 0;
        }

        Assert.InRange(accepted, 1, 99_999);
    }

    internal static byte[] Open(byte[] datagram, PskCipher? cipher, DatagramReject expected)
    {
        // Neither at the start nor up to the end of the buffer, as in the receiver's slots.
        byte[] buffer = [.. "before"u8, .. datagram, .. "behind"u8];
        DatagramReject reason = MulticastDatagram.Open(buffer, 6, datagram.Length, cipher, out int offset, out int length);
        Assert.Equal(expected, reason);
        Assert.Equal("before"u8, buffer.AsSpan(0, 6));
        Assert.Equal("behind"u8, buffer.AsSpan(6 + datagram.Length));
        return buffer[offset..(offset + length)];
    }

    private static HashSet<string> Headers(string plain) => [.. plain.Split("\n\n")[0].Split('\n')];

    // Only the framing that this recording needs: headers, a blank line, Content-Length bytes.
    private static Dictionary<string, HashSet<string>> EventSocketEvents(byte[] recording)
    {
        Dictionary<string, HashSet<string>> events = [];
        string text = Encoding.Latin1.GetString(recording);
        for (int at = 0, blank; (blank = text.IndexOf("\n\n", at, StringComparison.Ordinal)) >= 0;)
        {
            string[] headers = text[at..blank].Trim('\n').Split('\n');
            string? length = headers.FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
            at = blank + 2;
            if (length is null)
            {
                continue;
            }

            int count = int.Parse(length["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture);
            if (headers.Contains("Content-Type: text/event-plain"))
            {
                HashSet<string> lines = Headers(Encoding.UTF8.GetString(recording, at, count));
                events[lines.Single(line => line.StartsWith("Event-Sequence:", StringComparison.Ordinal))] = lines;
            }

            at += count;
        }

        return events;
    }
}
