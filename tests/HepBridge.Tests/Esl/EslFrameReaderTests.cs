using System.Security.Cryptography;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

public class EslFrameReaderTests
{
    [Theory]
    [InlineData("esl-plain.bin.gz", EslContentType.EventPlain, 1297, 8, 2)]
    [InlineData("esl-json.bin.gz", EslContentType.EventJson, 1297, 3, 1)]
    [InlineData("esl-narrow.bin.gz", EslContentType.EventPlain, 427, 2, 0)]
    [InlineData("esl-log.bin.gz", EslContentType.LogData, 285, 5, 0)]
    public void A_captured_stream_is_read_completely(string file, EslContentType type, int events, int replies, int responses)
    {
        byte[] bytes = EslCapture.Read(file);
        Dictionary<EslContentType, int> counts = [];
        using EslFrameReader reader = new();
        long length = 0;
        Feed(reader, bytes, int.MaxValue, (in EslFrame frame) =>
        {
            counts[frame.ContentType] = counts.GetValueOrDefault(frame.ContentType) + 1;
            length += frame.Bytes.Length;
        });

        Assert.Equal(EslFrameError.None, reader.Error);
        Assert.Equal(0, reader.Buffered);
        Assert.Equal(bytes.Length, length);
        Assert.Equal(1, counts[EslContentType.AuthRequest]);
        Assert.Equal(events, counts[type]);
        Assert.Equal(replies, counts[EslContentType.CommandReply]);
        Assert.Equal(responses, counts.GetValueOrDefault(EslContentType.ApiResponse));
    }

    [Theory]
    [InlineData("esl-plain.bin.gz", 1460)]
    [InlineData("esl-json.bin.gz", 4097)]
    [InlineData("esl-log.bin.gz", 7)]
    [InlineData("esl-log.bin.gz", 1)]
    [InlineData("esl-badauth.bin", 1)]
    [InlineData("esl-rude-rejection.bin", 1)]
    public void A_stream_segmented_anywhere_gives_the_same_frames(string file, int segment)
    {
        byte[] bytes = EslCapture.Read(file);

        Assert.Equal(Digest(bytes, int.MaxValue), Digest(bytes, segment));
    }

    [Theory]
    [InlineData("esl-badauth.bin")]
    [InlineData("esl-rude-rejection.bin")]
    public void Every_prefix_of_a_stream_gives_its_complete_frames_and_no_error(string file)
    {
        byte[] bytes = EslCapture.Read(file);
        List<long> ends = [];
        long end = 0;
        using (EslFrameReader whole = new())
        {
            Feed(whole, bytes, int.MaxValue, (in EslFrame frame) => ends.Add(end += frame.Bytes.Length));
        }

        for (int length = 0; length <= bytes.Length; length++)
        {
            using EslFrameReader reader = new();
            int frames = 0;
            Feed(reader, bytes.AsSpan(0, length), int.MaxValue, (in EslFrame _) => frames++);

            Assert.Equal(EslFrameError.None, reader.Error);
            Assert.Equal(ends.Count(e => e <= length), frames);
        }
    }

    [Fact]
    public void Every_prefix_of_the_first_events_gives_its_complete_frames_and_no_error()
    {
        byte[] bytes = EslCapture.Read("esl-plain.bin.gz")[..8000];
        int before = 0;
        for (int length = 0; length <= bytes.Length; length++)
        {
            using EslFrameReader reader = new();
            int frames = 0;
            Feed(reader, bytes.AsSpan(0, length), int.MaxValue, (in EslFrame _) => frames++);

            Assert.Equal(EslFrameError.None, reader.Error);
            Assert.InRange(frames, before, before + 1);
            before = frames;
        }

        Assert.True(before > 5);
    }

    [Fact]
    public void Mutated_bytes_give_the_same_frames_or_error_whole_and_segmented()
    {
        byte[][] seeds =
        [
            EslCapture.Read("esl-badauth.bin"),
            EslCapture.Read("esl-rude-rejection.bin"),
            EslCapture.Read("esl-plain.bin.gz")[..1200],
            EslCapture.Read("esl-log.bin.gz")[..700],
        ];
        Random random = new(20260821);
        for (int round = 0; round < 100_000; round++)
        {
            byte[] bytes = Mutate(seeds[round % seeds.Length], random);
            using EslFrameReader whole = new(maxFrame: 4096, initialSize: 1024);
            int frames = 0;
            Feed(whole, bytes, int.MaxValue, (in EslFrame frame) => frames += frame.Bytes.Length);
            using EslFrameReader split = new(maxFrame: 4096, initialSize: 16);
            int same = 0;
            Feed(split, bytes, 1 + random.Next(200), (in EslFrame frame) => same += frame.Bytes.Length);

            Assert.Equal(frames, same);
            Assert.Equal(whole.Error, split.Error);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", EslFrameError.HeaderWithoutColon)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", EslFrameError.HeaderWithoutColon)]
    [InlineData("Content-Length: 3\n\nabc", EslFrameError.NoContentType)]
    [InlineData("Content-Length: 1x\nContent-Type: api/response\n\n", EslFrameError.BadContentLength)]
    [InlineData("Content-Length: -1\nContent-Type: api/response\n\n", EslFrameError.BadContentLength)]
    [InlineData("Content-Length:\nContent-Type: api/response\n\n", EslFrameError.BadContentLength)]
    [InlineData("Content-Length: 3\nContent-Length: 4\nContent-Type: api/response\n\n", EslFrameError.BadContentLength)]
    [InlineData("Content-Length: 99999999999999999999\nContent-Type: text/event-plain\n\n", EslFrameError.FrameTooLong)]
    [InlineData("Content-Length: 2000\nContent-Type: text/event-plain\n\n", EslFrameError.FrameTooLong)]
    public void Bytes_that_are_not_a_frame_give_a_reason(string text, EslFrameError error)
    {
        using EslFrameReader reader = new(maxFrame: 1024);
        Feed(reader, System.Text.Encoding.ASCII.GetBytes(text), 1, (in EslFrame _) => Assert.Fail("a frame"));

        Assert.Equal(error, reader.Error);
    }

    [Fact]
    public void Endless_headers_are_rejected()
    {
        using EslFrameReader reader = new();
        byte[] line = "X-Filler: abcdefghijklmnopqrstuvwxyz\n"u8.ToArray();
        for (int i = 0; i < 1000; i++)
        {
            Feed(reader, line, int.MaxValue, (in EslFrame _) => { });
        }

        Assert.Equal(EslFrameError.HeadersTooLong, reader.Error);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void Endless_blank_lines_are_rejected_in_any_segmentation(int segment)
    {
        using EslFrameReader reader = new(initialSize: 64 * 1024);
        byte[] bytes = [.. Enumerable.Repeat((byte)'\n', 20_000), .. "Content-Type: api/response\n\n"u8];
        Feed(reader, bytes, segment, (in EslFrame _) => Assert.Fail("a frame"));

        Assert.Equal(EslFrameError.HeadersTooLong, reader.Error);
    }

    [Theory]
    [InlineData("content-type: text/event-plain\nCONTENT-LENGTH:5\n\nA: b\n")]
    [InlineData("Content-Length: 5\r\nContent-Type: text/event-plain\r\n\r\nA: b\n")]
    [InlineData("\n\r\nContent-Length: 5\nX: y\nContent-Type:  text/event-plain \n\nA: b\n")]
    [InlineData("Content-Length: 5\nContent-Type: text/event-plain\n\nA: b\n")]
    public void Order_case_and_carriage_returns_of_headers_do_not_matter(string text)
    {
        using EslFrameReader reader = new();
        int frames = 0;
        Feed(reader, System.Text.Encoding.ASCII.GetBytes(text), int.MaxValue, (in EslFrame frame) =>
        {
            frames++;
            Assert.Equal(EslContentType.EventPlain, frame.ContentType);
            Assert.True(frame.Body.SequenceEqual("A: b\n"u8));
            Assert.True(frame.TryGetHeader("content-LENGTH"u8, out ReadOnlySpan<byte> length));
            Assert.True(length.SequenceEqual("5"u8));
            Assert.False(frame.TryGetHeader("A"u8, out _));
        });

        Assert.Equal(1, frames);
    }

    [Fact]
    public void A_frame_up_to_the_limit_is_read_and_the_buffer_grows_for_it()
    {
        byte[] body = new byte[900_000];
        byte[] bytes = [.. System.Text.Encoding.ASCII.GetBytes($"Content-Type: api/response\nContent-Length: {body.Length}\n\n"), .. body];
        using EslFrameReader reader = new(maxFrame: 1_000_000, initialSize: 64);
        int length = 0;
        Feed(reader, bytes, 1000, (in EslFrame frame) => length = frame.Body.Length);

        Assert.Equal(body.Length, length);
    }

    [Fact]
    public void Framing_allocates_nothing_per_frame()
    {
        byte[] bytes = EslCapture.Read("esl-plain.bin.gz");
        using EslFrameReader reader = new();
        int frames = 0;
        Count(reader, bytes, ref frames);
        frames = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Count(reader, bytes, ref frames);
        }

        // A collection triggered by another test may add the rest of this thread's allocation block: less than a byte per frame.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, frames);
        Assert.Equal(10 * 1309, frames);

        static void Count(EslFrameReader reader, ReadOnlySpan<byte> bytes, ref int frames)
        {
            while (!bytes.IsEmpty)
            {
                Span<byte> memory = reader.GetMemory().Span;
                int count = Math.Min(bytes.Length, Math.Min(memory.Length, 65_000));
                bytes[..count].CopyTo(memory);
                reader.Advance(count);
                bytes = bytes[count..];
                while (reader.TryRead(out _))
                {
                    frames++;
                }
            }
        }
    }

    private delegate void OnFrame(in EslFrame frame);

    private static void Feed(EslFrameReader reader, ReadOnlySpan<byte> bytes, int segment, OnFrame onFrame)
    {
        while (!bytes.IsEmpty && reader.Error == EslFrameError.None)
        {
            Span<byte> memory = reader.GetMemory().Span;
            int count = Math.Min(segment, Math.Min(bytes.Length, memory.Length));
            bytes[..count].CopyTo(memory);
            reader.Advance(count);
            bytes = bytes[count..];
            while (reader.TryRead(out EslFrame frame))
            {
                onFrame(frame);
            }
        }
    }

    private static string Digest(byte[] bytes, int segment)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using EslFrameReader reader = new(initialSize: 512);
        Feed(reader, bytes, segment, (in EslFrame frame) =>
        {
            hash.AppendData([(byte)frame.ContentType]);
            hash.AppendData(BitConverter.GetBytes(frame.Headers.Length));
            hash.AppendData(frame.Headers);
            hash.AppendData(BitConverter.GetBytes(frame.Body.Length));
            hash.AppendData(frame.Body);
        });
        Assert.Equal(EslFrameError.None, reader.Error);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, "\n\r:0 9C"u8[random.Next(7)]);
                    break;
                default:
                    int length = Math.Min(random.Next(60), bytes.Count - at);
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
