using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

public class DeadPeerCheckTests
{
    [Fact]
    public void Three_times_the_longest_heartbeat_interval_is_allowed_if_that_is_more_than_a_minute()
    {
        ManualTime time = new();
        DeadPeerCheck check = new(time);
        Assert.Equal(TimeSpan.FromSeconds(60), check.AllowedSilence);

        foreach (int seconds in new[] { 0, 20, 45, 30 })
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            check.Heartbeat();
        }

        Assert.Equal(TimeSpan.FromSeconds(135), check.AllowedSilence);
    }

    [Fact]
    public void A_silent_peer_is_probed_once_and_dead_five_seconds_later_unless_it_sends_a_byte()
    {
        ManualTime time = new();
        DeadPeerCheck check = new(time);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(DeadPeerCheck.Result.Fine, check.Check());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(DeadPeerCheck.Result.Ask, check.Check());
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(DeadPeerCheck.Result.Fine, check.Check());
        check.Received();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(DeadPeerCheck.Result.Fine, check.Check());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(DeadPeerCheck.Result.Ask, check.Check());
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(DeadPeerCheck.Result.Dead, check.Check());
    }
}
