using System.Net;
using System.Text;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

public sealed class PeerTableTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
    private readonly PeerTable _table = new(TimeSpan.FromSeconds(60), capacity: 3);
    private readonly List<Peer> _down = [];
    private readonly List<byte[]> _gone = [];

    [Fact]
    public void A_heartbeat_brings_a_peer_up_and_silence_takes_it_down()
    {
        Assert.Equal(PeerChange.None, Observe("alpha", "1", 0, isHeartbeat: false));
        Assert.Equal(PeerChange.Up, Observe("alpha", "1", 0));
        Assert.Equal(PeerChange.None, Observe("alpha", "1", 20));
        _table.Tick(At(80), _down, _gone);
        Assert.Empty(_down);
        Assert.Equal(1, _table.Up);
        _table.Tick(At(81), _down, _gone);
        _table.Tick(At(82), _down, _gone);
        Assert.Equal("alpha", Assert.Single(_down).Name);
        Assert.Equal(0, _table.Up);
        Assert.Equal(PeerChange.Up, Observe("alpha", "1", 90));
    }

    [Fact]
    public void Other_events_dont_keep_a_peer_up()
    {
        Observe("alpha", "1", 0);
        Assert.Equal(PeerChange.None, Observe("alpha", "1", 60, isHeartbeat: false));
        _table.Tick(At(61), _down, _gone);
        Assert.Single(_down);
        Assert.Equal(PeerChange.None, Observe("alpha", "1", 62, isHeartbeat: false));
        Assert.Equal(0, _table.Up);
    }

    [Fact]
    public void A_new_Core_UUID_means_a_restart_and_late_events_with_the_old_one_change_nothing()
    {
        Observe("alpha", "1", 0);
        Assert.Equal(PeerChange.Restarted, Observe("alpha", "2", 5, isHeartbeat: false));
        Assert.Equal(PeerChange.None, Observe("alpha", "1", 5, isHeartbeat: false));
        Assert.Equal(PeerChange.None, Observe("alpha", "2", 6));
        Assert.Equal(1, Assert.Single(_table.Peers).Restarts);
    }

    [Fact]
    public void A_peer_that_was_down_and_comes_back_restarted_is_up()
    {
        Observe("alpha", "1", 0);
        _table.Tick(At(100), _down, _gone);
        Assert.Equal(PeerChange.Up, Observe("alpha", "2", 101));
        Assert.Equal(1, _table.Up);
    }

    [Fact]
    public void Two_switches_with_one_name_are_reported_once_as_a_conflict()
    {
        Observe("alpha", "1", 0);
        Assert.Equal(PeerChange.Restarted, Observe("alpha", "2", 1));
        Assert.Equal(PeerChange.NameConflict, Observe("alpha", "1", 2));
        Assert.Equal(PeerChange.None, Observe("alpha", "2", 3));
        Assert.Equal(PeerChange.None, Observe("alpha", "1", 4));
    }

    [Fact]
    public void Several_switches_with_one_name_cause_at_most_one_restart_each()
    {
        List<PeerChange> changes = [];
        for (int second = 0; second < 60; second++)
        {
            changes.Add(Observe("alpha", $"{second % 4}", second));
        }

        Assert.Equal(3, changes.Count(change => change == PeerChange.Restarted));
        Assert.Equal(1, changes.Count(change => change == PeerChange.NameConflict));
        Assert.True(Assert.Single(_table.Peers).HasConflict);
    }

    [Fact]
    public void Of_two_switches_of_one_name_the_one_that_leaves_is_gone_and_the_other_stays_up()
    {
        Observe("alpha", "1", 0);
        Observe("alpha", "2", 1);
        for (int second = 2; second < 90; second += 20)
        {
            Observe("alpha", "1", second);
            _table.Tick(At(second), _down, _gone);
        }

        _table.Tick(At(90), _down, _gone);
        Assert.Empty(_down);
        Assert.Equal("2", Assert.Single(Gone()));
        Assert.Equal((true, 1), (Assert.Single(_table.Peers).IsUp, _table.Peers.First().Restarts));
    }

    [Fact]
    public void The_core_before_a_restart_is_gone_once_it_has_been_silent()
    {
        Observe("alpha", "1", 0);
        Observe("alpha", "2", 5);
        _table.Tick(At(60), _down, _gone);
        Assert.Empty(_gone);
        Observe("alpha", "2", 61);
        _table.Tick(At(61), _down, _gone);
        _table.Tick(At(62), _down, _gone);
        Assert.Equal("1", Assert.Single(Gone()));
        Assert.Empty(_down);
    }

    [Fact]
    public void A_forged_restart_takes_nothing_from_a_switch_that_is_still_heard()
    {
        for (int second = 0; second < 600; second += 20)
        {
            Observe("alpha", "1", second, isHeartbeat: second % 40 == 0);
            Observe("alpha", $"forged {second}", second + 1);
            _table.Tick(At(second + 2), _down, _gone);
        }

        Assert.DoesNotContain("1", Gone());
    }

    [Fact]
    public void A_heartbeat_of_another_address_is_no_restart_and_a_conflict_while_both_are_heard()
    {
        Observe("alpha", "1", 0);
        Assert.Equal(PeerChange.None, Observe("alpha", "2", 1, sender: "192.0.2.9"));
        Assert.Equal(PeerChange.NameConflict, Observe("alpha", "1", 2, isHeartbeat: false));
        Assert.Equal(PeerChange.None, Observe("alpha", "2", 3, sender: "192.0.2.9"));
        Assert.Equal(PeerChange.None, Observe("alpha", "1", 20));
        _table.Tick(At(79), _down, _gone);
        Assert.Empty(_down);
        Assert.Empty(_gone);
        Peer peer = Assert.Single(_table.Peers);
        Assert.Equal((0, true, "127.0.0.1"), (peer.Restarts, peer.HasConflict, peer.Address.ToString()));
    }

    [Fact]
    public void A_switch_that_moves_to_another_address_is_up_there_once_the_old_one_is_down()
    {
        Observe("alpha", "1", 0);
        Assert.Equal(PeerChange.None, Observe("alpha", "2", 50, sender: "192.0.2.9"));
        _table.Tick(At(61), _down, _gone);
        Assert.Equal(PeerChange.Up, Observe("alpha", "2", 70, sender: "192.0.2.9"));
        _table.Tick(At(71), _down, _gone);
        Assert.Equal("1", Assert.Single(Gone()));
        Assert.False(Assert.Single(_table.Peers).HasConflict);
    }

    [Fact]
    public void The_table_is_bounded_and_peers_that_are_down_make_room()
    {
        Observe("a", "1", 0);
        Observe("b", "2", 50);
        Observe("c", "3", 50);
        Assert.Equal(PeerChange.None, Observe("d", "4", 50));
        Assert.Equal(1, _table.Refused);
        _table.Tick(At(70), _down, _gone);
        Assert.Equal(PeerChange.Up, Observe("d", "4", 71));
        Assert.Equal(3, _table.Count);
        Assert.DoesNotContain(_table.Peers, peer => peer.Name == "a");
    }

    [Fact]
    public void A_forgotten_peer_does_not_go_down_and_comes_up_again()
    {
        Observe("a", "1", 0);
        Observe("b", "2", 0);
        Observe("c", "3", 0);
        _table.Forget("2"u8);
        _table.Forget("9"u8);
        Assert.Equal((2, 2), (_table.Up, _table.Count));
        _table.Clear();
        Assert.Equal((0, 0), (_table.Up, _table.Count));
        _table.Tick(At(1_000), _down, _gone);
        Assert.Empty(_down);
        Assert.Equal(PeerChange.Up, Observe("b", "2", 1_001));
    }

    [Fact]
    public void A_known_peer_allocates_nothing()
    {
        Observe("alpha", "1", 0);
        SenderAddress sender = SenderAddress.From(IPAddress.Loopback);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _table.Observe("alpha"u8, "1"u8, sender, isHeartbeat: true, _start, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static DateTimeOffset At(int seconds) => _start.AddSeconds(seconds);

    private string[] Gone() => [.. _gone.Select(Encoding.UTF8.GetString)];

    private PeerChange Observe(string name, string core, int seconds, bool isHeartbeat = true, string sender = "127.0.0.1") =>
        _table.Observe(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(core), SenderAddress.From(IPAddress.Parse(sender)), isHeartbeat, At(seconds), out _);
}
