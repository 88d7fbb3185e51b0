using HepBridge.FreeSwitch.Events;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Events;

/// <summary>Any bytes give an event or a reason: never an exception or an endless loop.</summary>
public class EventMutationTests
{
    private const int Mutations = 100_000;
    private static readonly byte[] _telling = "\n:{}[]\",\\%u-_ 0ARY\0\xff"u8.ToArray();

    [Theory]
    [InlineData("esl-plain.bin.gz")]
    [InlineData("esl-json.bin.gz")]
    [InlineData("esl-log.bin.gz")]
    [InlineData("esl-multicast-refire.bin.gz")]
    public void Every_prefix_of_an_event_is_an_event_or_gives_a_reason(string stream)
    {
        EventWalk walk = new();
        List<(byte[] Bytes, EventEncoding Encoding)> events = Shortest(stream, 12);
        foreach ((byte[] bytes, EventEncoding encoding) in events)
        {
            for (int length = 0; length <= bytes.Length; length++)
            {
                bool accepted = walk.Over(bytes.AsSpan(0, length), encoding);
                Assert.True(accepted || length < bytes.Length);
            }
        }
    }

    [Theory]
    [InlineData("esl-plain.bin.gz", 1)]
    [InlineData("esl-json.bin.gz", 2)]
    [InlineData("esl-multicast-refire.bin.gz", 3)]
    public void Any_bytes_are_an_event_or_give_a_reason(string stream, int seed)
    {
        Random random = new(seed);
        EventWalk walk = new();
        List<(byte[] Bytes, EventEncoding Encoding)> events = Shortest(stream, 60);
        int accepted = 0;
        for (int i = 0; i < Mutations; i++)
        {
            (byte[] original, EventEncoding encoding) = events[random.Next(events.Count)];
            accepted += walk.Over(Mutate(original, random), encoding) ? 1 : 0;
        }

        Assert.InRange(accepted, 1, Mutations - 1);
    }

    // Short events of all kinds: long ones use the same code, but a hundred thousand of them take seconds.
    private static List<(byte[] Bytes, EventEncoding Encoding)> Shortest(string stream, int count) =>
        [.. RecordedEvents.All(EslCapture.Read(stream)).OrderBy(recorded => recorded.Bytes.Length).DistinctBy(recorded => recorded.Bytes.Length).Take(count)];

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = new(original);
        for (int changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = _telling[random.Next(_telling.Length)];
                    break;
                case 2:
                    bytes.Insert(at, _telling[random.Next(_telling.Length)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 4:
                    int end = Math.Min(bytes.Count, at + random.Next(1, 40));
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, end - at));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Reads everything that an accepted event offers.</summary>
    private sealed class EventWalk
    {
        private readonly EventParser _parser = new();
        private readonly EventParser _again = new();
        private byte[] _value = new byte[65_536];

        public bool Over(ReadOnlySpan<byte> bytes, EventEncoding encoding)
        {
            if (!_parser.TryParse(bytes, encoding, out FreeSwitchEvent e, out EventRejection rejection))
            {
                Assert.NotEqual(EventRejection.None, rejection);
                Assert.True(e.Bytes.IsEmpty);
                return false;
            }

            Assert.Equal(EventRejection.None, rejection);
            int headers = 0;
            foreach (HeaderEntry header in e.Headers)
            {
                Look(header.Value);
                headers++;
            }

            Assert.InRange(headers, encoding == EventEncoding.Log ? 0 : 1, bytes.Length);
            for (int i = 1; i < KnownHeaders.Count; i++)
            {
                Look(e.Get((KnownHeader)i));
            }

            Look(e.Body);
            _ = e.Find("variable_none"u8).IsPresent;
            byte[] snapshot = new byte[EventSnapshot.Measure(e)];
            EventSnapshot.Write(e, snapshot);
            Assert.Equal(e.Kind, EventSnapshot.Read(snapshot, _again).Kind);
            return true;
        }

        private void Look(HeaderValue value)
        {
            if (value.MaxDecodedLength > _value.Length)
            {
                _value = new byte[value.MaxDecodedLength];
            }

            if (!value.TryDecode(_value.AsSpan(0, value.MaxDecodedLength), out _))
            {
                Assert.Fail("MaxDecodedLength is too small");
            }

            value.TryDecode(_value.AsSpan(0, 3), out int written);
            if (written > 3)
            {
                Assert.Fail("more was written than there is room");
            }

            _ = value.IsTrue();
            _ = value.TryParseDouble(out _);
            _ = value.TryParseHex32(out _);
            _ = value.TryParsePort(out _);
            _ = value.Is("multicast::event"u8);
        }
    }
}
