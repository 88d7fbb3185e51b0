using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Reports;

namespace HepBridge.Tests.Reports;

/// <summary>Which reports use an event, and what the switch is therefore asked for.</summary>
public class ReportPlanTests
{
    private static readonly ReportOptions _all = new()
    {
        RegistrationEvents = true,
        CustomEvents = true,
        LogEvents = true,
        LogLevel = 4,
        CustomSubclasses = ["a::b", "sofia::register"],
        ExtraCallEvents = ["MY_EVENT", "CHANNEL_EXECUTE"],
    };

    [Theory]
    [InlineData("Event-Name: CHANNEL_ANSWER", "Call")]
    [InlineData("Event-Name: CHANNEL_EXECUTE", "Call")]
    [InlineData("Event-Name: MY_EVENT", "Call")]
    [InlineData("Event-Name: OTHER_EVENT", "")]
    [InlineData("Event-Name: HEARTBEAT", "")]
    [InlineData("Event-Name: RECV_RTCP_MESSAGE", "Rtcp")]
    [InlineData("Event-Name: CHANNEL_HANGUP_COMPLETE", "Call")]
    [InlineData("Event-Name: CHANNEL_HANGUP_COMPLETE\nvariable_rtp_audio_in_packet_count: 5", "Call Qos")]
    [InlineData("Event-Name: CHANNEL_DESTROY\nvariable_rtp_video_in_packet_count: 5", "Call Qos")]
    [InlineData("Event-Name: CUSTOM\nEvent-Subclass: a%3A%3Ab", "Custom")]
    [InlineData("Event-Name: CUSTOM\nEvent-Subclass: a%3A%3Ac", "")]
    [InlineData("Event-Name: CUSTOM\nEvent-Subclass: sofia%3A%3Aregister", "Registration Custom")]
    [InlineData("Event-Name: CUSTOM\nEvent-Subclass: sofia%3A%3Atransferor", "Call")]
    public void An_event_goes_to_the_reports_that_select_it(string text, string reports) => Assert.Equal(reports, Match(Encoding.ASCII.GetBytes(text + "\n\n"), EventEncoding.Plain, _all));

    [Theory]
    [InlineData(3, "SwitchLog")]
    [InlineData(5, "")]
    public void A_log_line_must_reach_the_level(int level, string reports) =>
        Assert.Equal(reports, Match(Encoding.ASCII.GetBytes($"Content-Type: log/data\nContent-Length: 2\nLog-Level: {level}\nUser-Data: u\n\nx\n"), EventEncoding.Log, _all));

    [Fact]
    public void With_every_report_off_only_events_that_contain_call_ids_are_subscribed_to()
    {
        ReportOptions none = new() { CallEvents = false, RtcpEvents = false, QosEvents = false };
        Assert.Equal("", Match("Event-Name: CHANNEL_ANSWER\n\n"u8, EventEncoding.Plain, none));
        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) = new ReportPlan(none).Subscription();
        Assert.Contains("CHANNEL_CREATE", names);
        Assert.DoesNotContain("SEND_RTCP_MESSAGE", names);
        Assert.Equal(["multicast::event"], subclasses);
    }

    [Fact]
    public void The_subscription_contains_everything_the_reports_need()
    {
        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) = new ReportPlan(_all).Subscription();
        Assert.Superset(new HashSet<string> { "MY_EVENT", "CHANNEL_EXECUTE", "DTMF", "RECV_RTCP_MESSAGE", "PRESENCE_IN" }, names.ToHashSet());
        Assert.DoesNotContain("LOG", names);
        Assert.Superset(new HashSet<string> { "a::b", "sofia::register", "sofia::expire", "sofia::replaced" }, subclasses.ToHashSet());
        (names, _) = new ReportPlan(new ReportOptions { RtcpEvents = false }).Subscription();
        Assert.Contains("SEND_RTCP_MESSAGE", names);
        Assert.DoesNotContain("RECV_RTCP_MESSAGE", names);
    }

    private static string Match(ReadOnlySpan<byte> bytes, EventEncoding encoding, ReportOptions options)
    {
        Assert.True(new EventParser().TryParse(bytes, encoding, out FreeSwitchEvent e, out EventRejection rejection), rejection.ToString());
        uint reports = new ReportPlan(options).Match(e);
        return string.Join(' ', ReportKind.All.Where((_, i) => (reports & (1u << i)) != 0)
            .Select(kind => kind.Create(new HepBridge.Diagnostics.PipelineCounters()).GetType().Name.Replace("Report", "", StringComparison.Ordinal)));
    }
}
