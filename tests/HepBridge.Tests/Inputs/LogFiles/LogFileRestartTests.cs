using HepBridge.Inputs.LogFiles;

namespace HepBridge.Tests.Inputs.LogFiles;

/// <summary>Where a follower resumes after a restart, whatever happened to the files meanwhile.</summary>
public sealed class LogFileRestartTests : LogFileFollowerRig
{
    private static readonly string _long = new('x', 9_000);

    private string PositionFile => Path.Combine(Dir, "positions.json");

    [Theory]
    [InlineData("nothing")]
    [InlineData("rename")]
    [InlineData("copy")]
    public void A_restart_neither_loses_nor_repeats_lines(string rotation)
    {
        LogFilePositions positions = new(Path.Combine(Dir, "positions.json"));
        using (LogFileFollower follower = Started())
        {
            Write(Log, "1\n2\nhalf ");
            Poll(follower);
            positions.Save([.. follower.Positions]);
        }

        Write(Log, "line\n3\n");
        if (rotation != "nothing")
        {
            Rotate(isCopied: rotation == "copy");
            Write(Log, "a line of the new file\n");
        }

        using (LogFileFollower follower = Follow(positions.Load()))
        {
            Poll(follower);
        }

        string[] expected = ["1", "2", "half line", "3"];
        Assert.Equal(rotation == "nothing" ? expected : [.. expected, "a line of the new file"], Received.Texts);
    }

    [Fact]
    public void A_restart_after_an_untraceable_rotation_reads_the_new_file_and_logs_the_gap()
    {
        LogFilePositions positions = new(Path.Combine(Dir, "positions.json"));
        using (LogFileFollower follower = Started())
        {
            Write(Log, "1\n");
            Poll(follower);
            positions.Save([.. follower.Positions]);
        }

        File.Delete(Log);
        Write(Log, "a line of the new file\n");
        using (LogFileFollower follower = Follow(positions.Load()))
        {
            Poll(follower);
        }

        Assert.Equal(["1", "a line of the new file"], Received.Texts);
        Assert.False(Assert.Single(Noticed.Rotated).IsCovered);
    }

    [Fact]
    public void A_copy_that_was_found_under_its_rotated_name_is_resumed()
    {
        Write(Log, "");
        LogFileFollower follower = Started();
        for (int i = 0; i < 20; i++)
        {
            Write(Log, $"{i} {_long}\n");
        }

        // Nothing of it is read yet: the copy is a file of its own.
        Rotate(isCopied: true);
        Write(Log, "the new file\n");
        for (int i = 0; i < 10 && Received.Texts.Count == 0; i++)
        {
            follower.Poll(rounds: 1);
        }

        Assert.NotEmpty(Received.Texts);

        Assert.True(Received.Texts.Count < 20);
        LogFilePositions positions = new(PositionFile);
        positions.Save([.. follower.Positions]);
        follower.Dispose();

        using LogFileFollower next = Follow(positions.Load());
        Poll(next);
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => $"{i} {_long}"), "the new file"], Received.Texts.OrderByDescending(text => text.Length > 100));
    }

    [Fact]
    public void A_writer_that_keeps_a_renamed_file_hides_no_later_file()
    {
        LogFileFollower follower = Started();
        Write(Log, "1\n");
        Poll(follower);
        LogFilePositions positions = new(PositionFile);
        positions.Save([.. follower.Positions]);
        follower.Dispose();
        Rotate(isCopied: false);
        Write(Log, "2\n");
        Rotate(isCopied: true);
        Write(Log, "3\n");
        Write(Log + ".2", "late\n");
        File.SetLastWriteTimeUtc(Log + ".2", File.GetLastWriteTimeUtc(Log + ".1").AddMinutes(1));

        using LogFileFollower next = Follow(positions.Load());
        Poll(next);
        Assert.Equal(["1", "2", "3", "late"], Received.Texts.Order());
    }

    [Fact]
    public void A_position_names_what_was_read_even_if_the_file_has_been_truncated_since()
    {
        LogFileFollower follower = Started();
        Write(Log, "1, and more\n");
        Poll(follower);
        File.Copy(Log, Log + ".1");
        File.AppendAllText(Log + ".1", "2\n");
        File.WriteAllText(Log, "3, which is longer than what was read of the file before\n");
        LogFilePositions positions = new(PositionFile);
        positions.Save([.. follower.Positions]);
        follower.Dispose();

        using LogFileFollower next = Follow(positions.Load());
        Poll(next);
        Assert.Equal(["1, and more", "2", "3, which is longer than what was read of the file before"], Received.Texts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(300)]
    public void A_mark_made_while_reading_is_that_of_the_file(int step)
    {
        byte[] content = new byte[1_000];
        new Random(step).NextBytes(content);
        File.WriteAllBytes(Log, content);
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = FollowedFile.Open(Log);
        ContentMark mark = ContentMark.Beginning;
        ContentWindow window = new();
        for (int at = 0; at < content.Length; at += step)
        {
            mark = mark.After(window, content.AsSpan(at, Math.Min(step, content.Length - at)));
            Assert.Equal(ContentMark.At(handle, mark.Offset), mark);
            Assert.True(ContentWindow.At(handle, mark.Offset)!.Tail.SequenceEqual(window.Tail));
        }
    }
}
