using System.Globalization;
using HepBridge.Inputs.LogFiles;

namespace HepBridge.Tests.Inputs.LogFiles;

public sealed class LogFileFollowerTests : LogFileFollowerRig
{
    [Fact]
    public void A_file_is_followed_from_its_end_at_the_first_start()
    {
        Write(Log, "old\n");
        using LogFileFollower follower = Follow();
        Poll(follower);
        Write(Log, "new\n");
        Poll(follower);
        Assert.Equal(["new"], Received.Texts);
    }

    [Fact]
    public void A_file_that_appears_later_is_read_from_its_beginning()
    {
        using LogFileFollower follower = Follow();
        Poll(follower);
        Write(Log, "first\n");
        Poll(follower);
        Assert.Equal(["first"], Received.Texts);
    }

    [Fact]
    public void A_directory_that_appears_later_is_no_error()
    {
        string path = Path.Combine(Dir, "later", "app.log");
        using LogFileFollower follower = Follow(path: path);
        Poll(follower);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Write(path, "line\n");
        Poll(follower);
        Assert.Equal(["line"], Received.Texts);
        Assert.Empty(Noticed.Unreadable);
    }

    [Fact]
    public void Half_a_line_is_kept_until_its_end_arrives()
    {
        using LogFileFollower follower = Started();
        Write(Log, "half ");
        Poll(follower);
        Assert.Empty(Received.Texts);
        Write(Log, "and half\n");
        Poll(follower);
        Assert.Equal(["half and half"], Received.Texts);
    }

    [Fact]
    public void Rename_and_create_loses_nothing_even_while_a_writer_keeps_the_old_file()
    {
        using LogFileFollower follower = Started();
        Write(Log, "1\n");
        Poll(follower);
        Write(Log, "2\n");
        File.Move(Log, Log + ".1");
        Write(Log, "4\n");
        Write(Log + ".1", "3\n");
        Poll(follower);
        Write(Log + ".1", "late in the old file\n");
        Write(Log, "5\n");
        Poll(follower);
        Assert.Equal(["1", "2", "3", "4", "late in the old file", "5"], Received.Texts);
    }

    [Fact]
    public void Copy_and_truncate_reads_the_rest_from_the_copy()
    {
        using LogFileFollower follower = Started();
        Write(Log, "1\n");
        Poll(follower);
        Write(Log, "2\nhalf ");
        File.Copy(Log, Log + ".1");
        File.WriteAllText(Log, "");
        Write(Log, "3, a line that makes the file longer than it was\n");
        Poll(follower);
        Assert.Equal(["1", "2", "half ", "3, a line that makes the file longer than it was"], Received.Texts);
        Assert.True(Assert.Single(Noticed.Rotated).IsCovered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_rotations_of_any_kind_between_two_polls_lose_nothing(bool isRestarted)
    {
        foreach (bool first in (bool[])[true, false])
        {
            foreach (bool second in (bool[])[true, false])
            {
                LogFilePositions positions = new(Path.Combine(Dir, "positions.json"));
                Write(Log, "");
                LogFileFollower follower = Started();
                int begin = Received.Texts.Count;
                positions.Save([.. follower.Positions]);
                Write(Log, "1\n");
                if (isRestarted)
                {
                    follower.Dispose();
                }

                Rotate(first);
                Write(Log, "2\n");
                Rotate(second);
                Write(Log, "3\n");
                if (isRestarted)
                {
                    follower = Follow(positions.Load());
                }

                Poll(follower);
                Poll(follower);
                follower.Dispose();
                Assert.Equal(["1", "2", "3"], Received.Texts.Skip(begin).Order());
            }
        }
    }

    [Fact]
    public void A_truncation_without_a_copy_is_logged()
    {
        using LogFileFollower follower = Started();
        Write(Log, "1\n");
        Poll(follower);
        File.WriteAllText(Log, "");
        Poll(follower);
        Write(Log, "2\n");
        Poll(follower);
        Assert.Equal(["1", "2"], Received.Texts);
        Assert.False(Assert.Single(Noticed.Rotated).IsCovered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_glob_that_matches_rotated_names_repeats_nothing(bool isCopied)
    {
        using LogFileFollower follower = Started(Log + "*");
        for (int i = 0; i < 5; i++)
        {
            Write(Log, $"{i} before\n");
            Poll(follower);
            Write(Log, $"{i} after\n");
            Rotate(isCopied);
            Poll(follower);
        }

        Poll(follower);
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(i => new[] { $"{i} before", $"{i} after" }), Received.Texts);
    }

    [Fact]
    public void A_glob_follows_every_matching_file_except_compressed_ones()
    {
        using LogFileFollower follower = Started(Path.Combine(Dir, "*.log*"));
        Write(Path.Combine(Dir, "a.log"), "a\n");
        Write(Path.Combine(Dir, "b.log"), "b\n");
        Write(Path.Combine(Dir, "b.log.2.gz"), "compressed\n");
        Write(Path.Combine(Dir, "c.txt"), "c\n");
        Poll(follower);
        Assert.Equal(["a", "b"], Received.Texts);
    }

    [Fact]
    public void A_renamed_file_is_closed_after_ten_quiet_minutes_and_a_deleted_one_after_seconds()
    {
        using LogFileFollower follower = Started();
        Write(Log, "1\nunfinished");
        Poll(follower);
        File.Delete(Log);
        Poll(follower);
        Assert.Single(follower.Positions);
        Time.Advance(TimeSpan.FromSeconds(6));
        Poll(follower);
        Assert.Empty(follower.Positions);
        Assert.Equal(["1", "unfinished"], Received.Texts);
    }

    [Fact]
    public void An_unreadable_path_is_logged_once()
    {
        Directory.CreateDirectory(Log);
        using LogFileFollower follower = Follow(path: Log + "*");
        File.CreateSymbolicLink(Log + ".loop", Log + ".loop");
        Poll(follower);
        Poll(follower);
        Assert.Single(Noticed.Unreadable);
    }

    [Fact]
    public void Lines_of_a_record_are_joined_until_the_next_one_starts_or_a_second_passes()
    {
        using LogFileFollower follower = Follow(begin: "^[0-9]");
        Poll(follower);
        Write(Log, "1 failed\n  at a\n\n  at b\n2 fine\n3 failed\n  at c\n");
        Poll(follower);
        Assert.Equal(["1 failed\n  at a\n\n  at b", "2 fine"], Received.Texts);
        Assert.Equal("1 failed\n  at a\n\n  at b\n2 fine\n".Length, Assert.Single(follower.Positions).Mark.Offset);
        Time.Advance(TimeSpan.FromSeconds(1));
        Poll(follower);
        Assert.Equal("3 failed\n  at c", Received.Texts[^1]);
    }

    [Fact]
    public void Numbered_lines_arrive_once_and_whole_over_many_rotations()
    {
        LogFileFollower follower = Started();
        Random random = new(7);
        List<string> written = [];
        LogFilePositions positions = new(Path.Combine(Dir, "positions.json"));
        for (int i = 0; i < 20_000; i++)
        {
            string line = $"{i.ToString(CultureInfo.InvariantCulture)} {new string('x', random.Next(200))}";
            written.Add(line);
            Write(Log, line + "\n");
            switch (random.Next(1_000))
            {
                case < 5:
                    Rotate(isCopied: false);
                    break;
                case < 10:
                    Poll(follower);
                    Rotate(isCopied: true);
                    Poll(follower);
                    break;
                case < 15:
                    Poll(follower);
                    positions.Save([.. follower.Positions]);
                    follower.Dispose();
                    follower = Follow(positions.Load());
                    break;
                case < 60:
                    Poll(follower);
                    break;
            }
        }

        Poll(follower);
        follower.Dispose();
        Assert.Equal(written, Received.Texts);
    }
}
