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
            if (table.Snapshot(at).FirstOrDefault(r => r.User == "1000@10.99.0.1") is { } found)
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
    public void The_latest_node_wins_and_the_old_node_cant_end_it()
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
    public void What_has_run_out_is_not_shown_and_makes_room()
    {
        Observe("register", "a", "1", "alpha", 0);
        Observe("register", "b", "2", "alpha", 50);
        Observe("register", "c", "3", "alpha", 55);
        Assert.Equal(1, _table.Refused);
        Assert.Equal(["b@h"], _table.Snapshot(At(70)).Select(r => r.User));
        Observe("register", "c", "3", "alpha", 116);
        Assert.Equal(["c@h"], _table.Snapshot(At(117)).Select(r => r.User));
    }

    [Fact]
    public void Long_values_are_cut()
    {
        string contact = new('x', 5000);
        Observe("register", "a", "1", "alpha", 0, contact);
        Assert.Equal(512, Assert.Single(_table.Snapshot(At(1))).Contact.Length);
    }

    private static DateTimeOffset At(int seconds) => _start.AddSeconds(seconds);

    // sofia::expire names the user "user" and "host".
    private void Observe(string what, string user, string callId, string node, int seconds, string contact = "sip:x")
    {
        string prefix = what == "expire" ? "" : "from-";
        byte[] bytes = Encoding.UTF8.GetBytes(
            $"Event-Subclass: sofia%3A%3A{what}\nEvent-Name: CUSTOM\n{prefix}user: {user}\n{prefix}host: h\ncall-id: {callId}\ncontact: {contact}\nexpires: 60\n\n");
        Assert.True(_parser.TryParse(bytes, EventEncoding.Plain, out FreeSwitchEvent e, out _));
        _table.Observe(e, node, At(seconds));
    }
}
