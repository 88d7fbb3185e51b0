using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Reports;

/// <summary>Registrations, custom events and the switch's log.</summary>
public class OtherReportsTests
{
    [Theory]
    [InlineData(nameof(RegistrationReports.All), 5)]
    [InlineData(nameof(RegistrationReports.Changes), 4)]
    public void All_registrations_or_only_changes_are_reported(string which, int expected)
    {
        PipelineRig rig = new(new ReportOptions { RegistrationEvents = true, Registrations = Enum.Parse<RegistrationReports>(which) });
        Register(rig, "register", "10.0.0.5");
        Register(rig, "register", "10.0.0.5");
        Register(rig, "register", "10.0.0.6");
        Register(rig, "unregister", "10.0.0.6");
        Register(rig, "register_attempt", "10.0.0.6", ("auth-result", "FORBIDDEN"));
        rig.Feed("CUSTOM", ("Event-Subclass", "sofia::register_failure"), ("to-user", "1000"), ("to-host", "10.0.0.1"), ("network-ip", "10.0.0.6"));

        Assert.Equal(expected, rig.Packets.Count);
        Assert.All(rig.Packets, packet => Assert.Equal("r@x", packet.CallId));
        Assert.StartsWith("REGISTER 1000@10.0.0.1 on fs-test; Registered(UDP); contact=", rig.Packets[0].Payload, StringComparison.Ordinal);
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void A_user_moving_to_another_node_is_a_change()
    {
        PipelineRig rig = new(new ReportOptions { RegistrationEvents = true, Registrations = RegistrationReports.Changes });
        Register(rig, "register", "10.0.0.5");
        Register(rig, "register", "10.0.0.5", ("Core-UUID", "another"));

        Assert.Equal(2, rig.Packets.Count);
    }

    [Fact]
    public void Registrations_are_off_by_default()
    {
        PipelineRig rig = new(new ReportOptions());
        Register(rig, "register", "10.0.0.5");

        Assert.Empty(rig.Packets);
    }

    [Fact]
    public void A_custom_event_has_its_channels_or_its_own_call_id()
    {
        PipelineRig rig = new(new ReportOptions { CustomEvents = true, CustomSubclasses = ["my::event"] });
        rig.Inbound("a", "a@x")
            .Feed("CUSTOM", ("Event-Subclass", "my::event"), ("Unique-ID", "a"), ("X-Note", "one two"), ("X-Password", "geheim"))
            .Feed("CUSTOM", ("Event-Subclass", "my::event"), ("call-id", "own@x"))
            .Feed("CUSTOM", ("Event-Subclass", "my::event"))
            .Feed("CUSTOM", ("Event-Subclass", "not::mine"), ("Unique-ID", "a"));

        Assert.Equal(["CREATE", "my::event;"], rig.States("a@x"));
        Assert.Contains("X-Note=one two", rig.Packets[1].Payload, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", rig.Packets[1].Payload, StringComparison.Ordinal);
        Assert.StartsWith("my::event;", Assert.Single(rig.States("own@x")), StringComparison.Ordinal);
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NoLeg));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Theory]
    [InlineData(3, 5, 0)]
    [InlineData(5, 5, 1)]
    [InlineData(7, 5, 1)]
    [InlineData(4, 4, 1)]
    public void Log_lines_are_reported_up_to_their_level(int wanted, int level, int expected)
    {
        PipelineRig rig = new(new ReportOptions { LogEvents = true, LogLevel = wanted, CallEvents = false });
        rig.Inbound("a", "a@x");
        Line(rig, level, "a", "2026-11-21 23:55:31.790621 75.00% [NOTICE] sofia.c:1065 Hangup");

        Assert.Equal(expected, rig.Packets.Count);
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Log_lines_with_the_same_time_keep_their_order()
    {
        PipelineRig rig = new(new ReportOptions { LogEvents = true, CallEvents = false });
        rig.Inbound("a", "a@x");
        for (int i = 0; i < 3; i++)
        {
            Line(rig, 5, "a", "2026-11-21 23:55:31.790621 75.00% [NOTICE] sofia.c:1065 Hangup");
        }

        Assert.Single(rig.Packets.Select(packet => packet.Microseconds).Distinct());
        Assert.Equal(["1", "2", "3"], rig.Packets.Select(packet => packet.Field("order")));
    }

    [Theory]
    [InlineData("2026-11-22 05:25:00", 330, "+05:30")]
    [InlineData("2026-11-21 20:25:00", -210, "-03:30")]
    [InlineData("2026-11-21 23:55:00", 0, "+00:00")]
    public void Times_show_the_switchs_own_zone(string local, int offset, string shown)
    {
        PipelineRig rig = new(new ReportOptions { LogEvents = true });
        rig.Inbound("a", "a@x", ("Event-Date-Local", local), ("Event-Date-Timestamp", "1795305300123456"));
        Line(rig, 5, "a", local + ".790621 75.00% [NOTICE] sofia.c:1065 Hangup");

        string expected = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture).ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal($"{expected}.123456{shown}", rig.Packets[0].Field("time"));
        Assert.Equal(1_795_305_300_123_456, rig.Packets[0].Microseconds);
        Assert.Equal(1_795_305_300_790_621, rig.Packets[1].Microseconds);
        Assert.Equal(offset, rig.Pipeline.Switches.First().UtcOffsetMinutes);
    }

    [Fact]
    public void A_log_line_before_the_first_event_has_no_switch()
    {
        PipelineRig rig = new(new ReportOptions { LogEvents = true });
        Line(rig, 5, "a", "2026-11-21 23:55:31.790621 75.00% [NOTICE] sofia.c:1065 New Channel");

        Assert.Empty(rig.Pipeline.Switches);
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NoLeg));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Theory]
    [InlineData("0", 1, 0)]
    [InlineData("x", 1, 0)]
    [InlineData("-5", 1, 0)]
    [InlineData("9223372036854775807", 1, 0)]
    [InlineData("1000000", 0, 1)]
    public void An_impossible_time_is_replaced_by_now_and_counted(string stamp, int unreadable, int replaced)
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x", ("Event-Date-Timestamp", stamp));

        Assert.Equal((rig.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10, Assert.Single(rig.Packets).Microseconds);
        Assert.Equal((unreadable, replaced), (rig.Pipeline.Counters.TimeUnreadable, rig.Pipeline.Counters.TimeReplaced));
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("4294967295999999")]
    [InlineData("1")]
    public void Without_a_limit_any_time_that_fits_a_packet_is_kept(string stamp)
    {
        PipelineRig rig = new PipelineRig(calls: new CallOptions { MaxClockSkew = TimeSpan.Zero }).Inbound("a", "a@x", ("Event-Date-Timestamp", stamp)).Feed("HEARTBEAT", ("Event-Date-Timestamp", stamp));
        CollectedPacket packet = Assert.Single(rig.Packets);

        Assert.True(stamp == $"{packet.Microseconds}" || rig.Pipeline.Counters.TimeUnreadable == 1);
    }

    private static void Register(PipelineRig rig, string what, string network, params (string, string)[] headers) =>
        rig.Feed("CUSTOM",
        [
            .. headers, ("Event-Subclass", "sofia::" + what), ("from-user", "1000"), ("from-host", "10.0.0.1"), ("contact", "<sip:1000@10.0.0.5>"),
            ("call-id", "r@x"), ("status", "Registered(UDP)"), ("network-ip", network), ("expires", "300"),
        ]);

    private static void Line(PipelineRig rig, int level, string uuid, string text)
    {
        lock (rig.Pipeline.Gate)
        {
            rig.Feed(Encoding.UTF8.GetBytes($"Content-Type: log/data\nContent-Length: 1\nLog-Level: {level}\nUser-Data: {uuid}\n\n{text}\n"), EventEncoding.Log);
            rig.Pipeline.EndBatch();
        }
    }
}
