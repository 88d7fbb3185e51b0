using HepBridge.Inputs.LogFiles;

namespace HepBridge.Tests.Inputs.LogFiles;

/// <summary>Rotations that happen before the follower has read anything of a file.</summary>
public sealed class UnseenRotationTests : LogFileFollowerRig
{
    [Fact]
    public void The_copy_of_an_unread_file_is_read_even_if_nothing_more_is_written()
    {
        Write(Log, "");
        using LogFileFollower follower = Started();
        Write(Log, "1\n");
        Rotate(isCopied: true);
        Poll(follower);
        Poll(follower);
        Assert.Equal(["1"], Received.Texts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3\n")]
    public void The_copy_of_a_file_that_was_truncated_right_after_it_was_opened_is_read(string more)
    {
        Write(Log, "");
        using LogFileFollower follower = Started();
        Write(Log, "1\n");
        Poll(follower);
        File.Move(Log, Log + ".1");
        Write(Log, "2\n");
        Noticed.OnceFollowing = () =>
        {
            Rotate(isCopied: true);
            Write(Log, more);
        };
        Poll(follower);
        Poll(follower);
        Assert.Equal(["1", "2", .. more.Split('\n', StringSplitOptions.RemoveEmptyEntries)], Received.Texts.Order());
    }

    [Fact]
    public void A_file_that_was_there_only_while_its_name_was_not_followed_is_read()
    {
        Write(Log, "");
        using LogFileFollower follower = Started();
        Write(Log, "1\n");
        Poll(follower);
        File.Move(Log, Log + ".1");
        Poll(follower);
        Write(Log, "2\n");
        Rotate(isCopied: true);
        File.SetLastWriteTimeUtc(Log + ".1", DateTime.UtcNow.AddSeconds(-1));
        Rotate(isCopied: false);
        Write(Log, "3\n");
        Poll(follower);
        Poll(follower);
        Assert.Equal(["1", "2", "3"], Received.Texts.Order());
    }

    [Fact]
    public void Rotated_files_that_are_older_than_a_new_name_are_not_read()
    {
        Write(Log + ".1", "an hour ago\n");
        File.SetLastWriteTimeUtc(Log + ".1", DateTime.UtcNow.AddHours(-1));
        using LogFileFollower follower = Started();
        Write(Log, "1\n");
        Poll(follower);
        Rotate(isCopied: false);
        Write(Log, "2\n");
        Poll(follower);
        Assert.Equal(["1", "2"], Received.Texts);
    }
}
