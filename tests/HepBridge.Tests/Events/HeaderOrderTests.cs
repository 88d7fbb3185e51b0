using System.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Events;

/// <summary>A parser expects headers in the order of earlier events, and finds the same whatever that order was.</summary>
public class HeaderOrderTests
{
    private const int Events = 3_000;

    [Theory]
    [InlineData("esl-plain.bin.gz", 1)]
    [InlineData("esl-log.bin.gz", 2)]
    [InlineData("esl-multicast-refire.bin.gz", 3)]
    public void Lines_that_are_moved_missing_doubled_or_spelled_differently_are_found(string stream, int seed)
    {
        Random random = new(seed);
        (byte[] Bytes, EventEncoding Encoding)[] events = [.. RecordedEvents.All(EslCapture.Read(stream)).Where(recorded => recorded.Encoding != EventEncoding.Json)];
        EventParser parser = new();
        for (int i = 0; i < Events; i++)
        {
            (byte[] bytes, EventEncoding encoding) = events[random.Next(events.Length)];
            AssertFindsFirst(parser, i % 2 == 0 ? bytes : Rearrange(bytes, random), encoding);
        }
    }

    [Fact]
    public void A_flood_of_new_names_takes_no_memory_and_hides_no_header()
    {
        EventParser parser = new();
        AssertFindsFirst(parser, Encoding.ASCII.GetBytes(Flood(0)), EventEncoding.Plain);
        byte[][] floods = [.. Enumerable.Range(1, 200).Select(i => Encoding.ASCII.GetBytes(Flood(i)))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (byte[] flood in floods)
        {
            Assert.True(parser.TryParse(flood, EventEncoding.Plain, out _, out _));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        AssertFindsFirst(parser, floods[^1], EventEncoding.Plain);
        AssertFindsFirst(parser, "Event-Name: DTMF\nUnique-ID: 1\nDTMF-Digit: 5\n\n"u8, EventEncoding.Plain);

        static string Flood(int number) =>
            "Event-Name: DTMF\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"variable_x_{number}_{i}: {i}\n")) + $"Unique-ID: {number}\nDTMF-Digit: {number % 10}\n\n";
    }

    [Fact]
    public void A_name_that_begins_like_the_expected_one_is_another()
    {
        EventParser parser = new();
        string filler = "X-Filler: " + new string('x', 100) + "\n\n";
        foreach (string header in (string[])["Unique-ID: 1", "Unique-ID-2: 1", "Unique-ID:1", "Unique-ID : 1", "unique-id: 1", "Unique-ID", ": 1", "Unique-ID: "])
        {
            AssertFindsFirst(parser, Encoding.ASCII.GetBytes("Event-Name: DTMF\n" + header + "\nDTMF-Digit: 5\n" + filler), EventEncoding.Plain);
            AssertFindsFirst(parser, Encoding.ASCII.GetBytes("Event-Name: DTMF\nUnique-ID: 1\nDTMF-Digit: 5\n" + filler), EventEncoding.Plain);
        }
    }

    // By a walk over the lines, which knows no order.
    private static void AssertFindsFirst(EventParser parser, ReadOnlySpan<byte> bytes, EventEncoding encoding)
    {
        Assert.True(parser.TryParse(bytes, encoding, out FreeSwitchEvent e, out EventRejection rejection), rejection.ToString());
        Dictionary<KnownHeader, string> first = [];
        foreach (HeaderEntry header in e.Headers)
        {
            if (KnownHeaders.Find(header.Name) is var known and not KnownHeader.None)
            {
                first.TryAdd(known, Parsed.Text(header.Value));
            }
        }

        for (int i = 1; i < KnownHeaders.Count; i++)
        {
            HeaderValue value = e.Get((KnownHeader)i);
            Assert.Equal(first.GetValueOrDefault((KnownHeader)i), value.IsPresent ? Parsed.Text(value) : null);
        }
    }

    // All lines but the last one, which states the body's length.
    private static byte[] Rearrange(byte[] bytes, Random random)
    {
        string text = Encoding.Latin1.GetString(bytes);
        int end = text.IndexOf("\n\n", StringComparison.Ordinal);
        List<string> lines = [.. text[..end].Split('\n')];
        string last = lines[^1];
        lines.RemoveAt(lines.Count - 1);
        for (int changes = random.Next(1, 8); changes > 0 && lines.Count > 1; changes--)
        {
            int at = random.Next(lines.Count);
            string line = lines[at];
            switch (random.Next(4))
            {
                case 0:
                    lines.Insert(random.Next(lines.Count), line);
                    break;
                case 1:
                    lines.Insert(random.Next(lines.Count), "X-New-" + random.Next(10) + ": 1");
                    break;
                case 2 when !line.StartsWith("Orig-", StringComparison.Ordinal):
                    lines[at] = line.ToUpperInvariant();
                    break;
                default:
                    lines.RemoveAt(at);
                    lines.Insert(random.Next(lines.Count), line);
                    break;
            }
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines) + '\n' + last + text[end..]);
    }
}
