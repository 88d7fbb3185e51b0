using System.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Reports;
using HepBridge.Tests.Multicast;

namespace HepBridge.Tests.Reports;

public sealed class RegistrationTableTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
    private readonly RegistrationTable _table = new(capacity: 2);
    private readonly EventParser _parser = new();

    [Fact]
    public void The_captured_registrations_come_and_go()
    {
        RegistrationTable table = new();
        int most = 0;
        foreach (byte[] datagram in MulticastCaptures.Datagrams("plain"))
        {
            MulticastDatagram.Open(datagram, 0, datagram.Length, null, out int offset, out int length);
            Assert.True(_parser.TryParse(datagram.AsSpan(offset, length), EventEncoding.Plain, out FreeSwitchEvent e, out _));
            Assert.True(e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long microseconds));
            DateTimeOffset at = DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);
            table.Observe(e, "fs-alpha", at);
            most = Math.Max(most, table.Count);
            if (table.Snapshot(at).FirstOrDefault(r => r.User == "1000@10.99.0.1") is { User: not null } found)
            {
                Assert.Equal("\"\" <sip:1000@10.99.0.11:5060>", found.Contact);
                Assert.Equal("10.99.0.11:5060", found.Network);
                Assert.Equal("76d239870026@10.99.0.11", found.CallId);
                Assert.Equal("HB-UA/1.0", found.UserAgent);
                Assert.Equal(TimeSpan.FromSeconds(300), found.Expires - found.Since);
            }
        }

        Assert.True(most > 0);
    }

    [Fact]
    public void The_latest_node_wins_and_the_old_one_cannot_end_the_registration()
    {
        Observe("register", "a", "1", "alpha", 0);
        Observe("register", "a", "2", "bravo", 10);
        Observe("expire", "a", "1", "alpha", 20);
        Observe("register", "a", "1", "alpha", 5);
        Assert.Equal("bravo", Assert.Single(_table.Snapshot(At(20))).Node);
        Observe("unregister", "a", "2", "bravo", 30);
        Assert.Empty(_table.Snapshot(At(30)));
    }

    [Fact]
    public void Expired_registrations_are_not_shown()
    {
        Observe("register", "a", "1", "alpha", 0);
        Observe("register", "b", "2", "alpha", 50);
        Assert.Equal(["b@h"], _table.Snapshot(At(70)).Select(r => r.User));
        Assert.Empty(_table.Snapshot(At(110)));
    }

    [Fact]
    public void The_user_heard_longest_ago_makes_room_and_is_counted_unless_expired()
    {
        Observe("register", "a", "1", "alpha", 0);
        Observe("register", "b", "2", "alpha", 10);
        Observe("register", "a", "1", "alpha", 20);
        Observe("register", "c", "3", "alpha", 25);
        Assert.Equal(1, _table.Evicted);
        Assert.Equal(["c@h", "a@h"], _table.Snapshot(At(26)).Select(r => r.User));
        Observe("register", "d", "4", "alpha", 90);
        Assert.Equal(1, _table.Evicted);
        Assert.Equal(["d@h"], _table.Snapshot(At(91)).Select(r => r.User));
    }

    [Fact]
    public void Values_are_bounded_in_bytes()
    {
        RegistrationTable table = new(capacity: 1_000, maxBytes: 10_000);
        for (int i = 0; i < 1_000; i++)
        {
            Observe(table, "register", $"{i}{new string('u', 250)}", $"{i}{new string('c', 1_000)}", "alpha", i, new string('x', 5_000));
        }

        Assert.InRange(table.Bytes, 5_000, 10_000);
        Assert.InRange(table.Count, 3, 10);
        Assert.Equal(1_000, table.Count + table.Evicted);
        Observe(table, "unregister", $"999{new string('u', 250)}", $"999{new string('c', 1_000)}", "alpha", 1_000);
        Assert.Equal(1_000, table.Count + table.Evicted + 1);
    }

    [Fact]
    public void Untrusted_registrations_are_bounded_and_push_out_no_trusted_one()
    {
        RegistrationTable table = new(capacity: 1_000, maxBytes: 80_000);
        Observe(table, "register", "trusted", "1", "alpha", 0);
        for (int i = 0; i < 1_000; i++)
        {
            Observe(table, "register", $"made-up-{i}", $"{i}{new string('c', 1_000)}", "bravo", i, isTrusted: false);
        }

        Assert.InRange(table.Bytes, 25_000, 31_000);
        Registration[] found = table.Snapshot(At(0));
        Assert.Equal("trusted@h", found[^1].User);
        Assert.Equal(["made-up-999@h", "made-up-998@h"], found[..2].Select(one => one.User));
        Observe(table, "register", "trusted", "2", "alpha", 1_000);
        Assert.Equal("trusted@h", table.Snapshot(At(0))[0].User);
    }

    [Fact]
    public void Long_values_are_truncated()
    {
        string contact = new('x', 5000);
        Observe("register", "a", "1", "alpha", 0, contact);
        Assert.Equal(512, Assert.Single(_table.Snapshot(At(1))).Contact.Length);
    }

    [Fact]
    public void A_refresh_that_changes_nothing_but_the_expiry_allocates_nothing()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(
            "Event-Subclass: sofia%3A%3Aregister\nEvent-Name: CUSTOM\nfrom-user: j%C3%BCrgen\nfrom-host: h\ncall-id: 1%40x\n"
            + "contact: %22%22%20%3Csip%3Aa%40fd99%3A%3A1%3E\nnetwork-ip: fd99%3A%3A1\nnetwork-port: 5060\nuser-agent: UA%201\nexpires: 60\n\n");
        for (int i = 0; i < 100; i++)
        {
            Refresh(bytes, i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 100; i < 1_100; i++)
        {
            Refresh(bytes, i);
        }

        // A collection triggered by another test may add the rest of this thread's allocation block: less than nine bytes per refresh.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 9_000);
        Registration known = Assert.Single(_table.Snapshot(At(1_100)));
        Assert.Equal(("jürgen@h", "[fd99::1]:5060", At(1_099), At(1_159)), (known.User, known.Network, known.Since, known.Expires));
    }

    [Fact]
    public void Changes_in_a_refresh_are_stored()
    {
        Observe("register", "a", "1", "alpha", 0, "sip:x");
        Observe("register", "a", "1", "bravo", 10, "sip:y");
        Registration known = Assert.Single(_table.Snapshot(At(11)));
        Assert.Equal(("a@h", "bravo", "sip:y", "1", At(10), At(70)), (known.User, known.Node, known.Contact, known.CallId, known.Since, known.Expires));
    }

    private void Refresh(byte[] bytes, int seconds)
    {
        Assert.True(_parser.TryParse(bytes, EventEncoding.Plain, out FreeSwitchEvent e, out _));
        _table.Observe(e, "alpha", At(seconds));
    }

    private static DateTimeOffset At(int seconds) => _start.AddSeconds(seconds);

    // sofia::expire calls the user "user" and "host".
    private void Observe(string what, string user, string callId, string node, int seconds, string contact = "sip:x") =>
        Observe(_table, what, user, callId, node, seconds, contact);

    private void Observe(RegistrationTable table, string what, string user, string callId, string node, int seconds, string contact = "sip:x", bool isTrusted = true)
    {
        string prefix = what == "expire" ? "" : "from-";
        byte[] bytes = Encoding.UTF8.GetBytes(
            $"Event-Subclass: sofia%3A%3A{what}\nEvent-Name: CUSTOM\n{prefix}user: {user}\n{prefix}host: h\ncall-id: {callId}\ncontact: {contact}\nexpires: 60\n\n");
        Assert.True(_parser.TryParse(bytes, EventEncoding.Plain, out FreeSwitchEvent e, out _));
        table.Observe(e, node, At(seconds), isTrusted);
    }
}
