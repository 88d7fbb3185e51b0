using System.Text;
using HepBridge.Inputs.LogFiles;

namespace HepBridge.Tests.Inputs.LogFiles;

public class LineAssemblerTests
{
    private static readonly byte[] _text = "first\nsecond, longer\r\n\nfourth: Grüße\nunfinished"u8.ToArray();
    private static readonly string[] _lines = ["first", "second, longer", "fourth: Grüße"];

    [Fact]
    public void Whole_lines_are_passed_on_without_their_line_breaks_and_an_unfinished_one_is_kept()
    {
        (Lines lines, LineAssembler assembler) = Read(_text, _text.Length);
        Assert.Equal(_lines, lines.Texts);
        Assert.Equal("unfinished".Length, assembler.Pending);
    }

    [Fact]
    public void Any_segmentation_gives_the_same_lines()
    {
        for (int size = 1; size <= _text.Length; size++)
        {
            (Lines lines, LineAssembler assembler) = Read(_text, size);
            Assert.Equal(_lines, lines.Texts);
            Assert.Equal("unfinished".Length, assembler.Pending);
        }
    }

    [Fact]
    public void Every_prefix_gives_a_prefix_of_the_lines()
    {
        for (int length = 0; length <= _text.Length; length++)
        {
            (Lines lines, _) = Read(_text[..length], 7);
            Assert.Equal(_lines.Take(lines.Texts.Count), lines.Texts);
        }
    }

    [Fact]
    public void A_flush_passes_on_the_unfinished_line()
    {
        (Lines lines, LineAssembler assembler) = Read(_text, 5);
        assembler.Flush(lines);
        Assert.Equal([.. _lines, "unfinished"], lines.Texts);
        Assert.Equal(0, assembler.Pending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void A_line_over_the_limit_is_truncated_and_says_by_how_much(int segment)
    {
        (Lines lines, _) = Read("0123456789abcdef\nok\n"u8.ToArray(), segment, maxLine: 10);
        Assert.Equal(["0123456789", "ok"], lines.Texts);
        Assert.Equal([6, 0], lines.Cut);
    }

    [Fact]
    public void An_endless_line_uses_no_more_memory_than_the_limit()
    {
        Lines lines = new();
        LineAssembler assembler = new(1_000);
        byte[] block = new byte[64 * 1_024];
        block.AsSpan().Fill((byte)'x');
        assembler.Append(block, lines);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            assembler.Append(block, lines);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        assembler.Append("\n"u8, lines);
        Assert.Equal(101L * block.Length - 1_000, Assert.Single(lines.Cut));
    }

    [Fact]
    public void The_hole_at_the_start_of_a_file_truncated_while_open_is_skipped()
    {
        (Lines lines, _) = Read([.. new byte[5_000], .. "line\n"u8], 1_024, maxLine: 100);
        Assert.Equal(["line"], lines.Texts);
        Assert.Equal([0], lines.Cut);
    }

    private static (Lines Lines, LineAssembler Assembler) Read(byte[] text, int segment, int maxLine = 1_000)
    {
        Lines lines = new();
        LineAssembler assembler = new(maxLine);
        for (int i = 0; i < text.Length; i += segment)
        {
            assembler.Append(text.AsSpan(i, Math.Min(segment, text.Length - i)), lines);
        }

        return (lines, assembler);
    }
}

internal sealed class Lines : ILineHandler, ILogRecordHandler
{
    public List<string> Texts { get; } = [];

    public List<long> Cut { get; } = [];

    public long Length { get; private set; }

    public void OnLine(ReadOnlySpan<byte> line, long cutBytes, long length)
    {
        Length += length;
        if (line.IsEmpty)
        {
            return;
        }

        Texts.Add(Encoding.UTF8.GetString(line));
        Cut.Add(cutBytes);
    }

    public void OnRecord(string path, string record, long cutBytes)
    {
        Texts.Add(record);
        Cut.Add(cutBytes);
    }
}
