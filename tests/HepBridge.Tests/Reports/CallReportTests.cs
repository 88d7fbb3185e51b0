using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Reports;

/// <summary>A call's log lines.</summary>
public class CallReportTests
{
    [Theory]
    [InlineData("CHANNEL_CREATE", "CREATE 1000 → 2000; inbound; callid=a@x")]
    [InlineData("CHANNEL_PROGRESS", "PROGRESS 1000 → 2000; callid=a@x")]
    [InlineData("CHANNEL_PROGRESS_MEDIA", "PROGRESS_MEDIA 1000 → 2000; PCMA; callid=a@x")]
    [InlineData("CHANNEL_ANSWER", "ANSWER 1000 → 2000; PCMA; callid=a@x")]
    [InlineData("CHANNEL_BRIDGE", "BRIDGE 1000 → 2000; sofia/internal/b; callid=a@x")]
    [InlineData("CHANNEL_UNBRIDGE", "UNBRIDGE 1000 → 2000; sofia/internal/b; callid=a@x")]
    [InlineData("CHANNEL_HOLD", "HOLD 1000 → 2000; callid=a@x")]
    [InlineData("CHANNEL_UNHOLD", "UNHOLD 1000 → 2000; callid=a@x")]
    [InlineData("CHANNEL_HANGUP_COMPLETE", "HANGUP_COMPLETE 1000 → 2000; NORMAL_CLEARING; sip:200 recv_bye; callid=a@x")]
    [InlineData("CHANNEL_DESTROY", "DESTROY 1000 → 2000; NORMAL_CLEARING; sip:200 recv_bye; duration=12s billsec=10s; callid=a@x")]
    public void Each_state_has_its_line(string name, string beginning)
    {
        PipelineRig rig = new PipelineRig().Sip(name, "a", ("variable_sip_call_id", "a@x"), ("Call-Direction", "inbound"), ("Channel-Read-Codec-Name", "PCMA"),
            ("Other-Leg-Channel-Name", "sofia/internal/b"), ("Other-Leg-Unique-ID", "b"), ("Hangup-Cause", "NORMAL_CLEARING"), ("Hangup-Cause", "OTHER"),
            ("variable_proto_specific_hangup_cause", "sip:200"), ("variable_sip_hangup_disposition", "recv_bye"), ("variable_duration", "12"),
            ("variable_billsec", "10"), ("Event-Sequence", "77"));
        CollectedPacket packet = Assert.Single(rig.Packets);

        Assert.Equal(beginning + " uuid=a seq=77 time=2026-11-21T23:55:00.000000+00:00 other=b", packet.Payload);
        Assert.Equal((HepPayloadType.Log, "a@x", 2001u), (packet.Type, packet.CallId, packet.CaptureId));
    }

    [Theory]
    [InlineData("CHANNEL_ANSWER", null)]
    [InlineData("CHANNEL_HANGUP_COMPLETE", " conference=d35b5408")]
    [InlineData("CHANNEL_DESTROY", " conference=d35b5408")]
    public void The_last_lines_of_a_member_contain_its_conference(string name, string? end)
    {
        PipelineRig rig = new PipelineRig().Sip(name, "a", ("variable_sip_call_id", "a@x"), ("variable_conference_uuid", "d35b5408"));
        Assert.Equal(end is not null, Assert.Single(rig.Packets).Payload.EndsWith(end ?? "conference=d35b5408", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(DtmfReports.Full), "DTMF ? → ?; digit=5 duration=250ms source=RTP; callid=a@x")]
    [InlineData(nameof(DtmfReports.Masked), "DTMF ? → ?; digit=* duration=250ms source=RTP; callid=a@x")]
    [InlineData(nameof(DtmfReports.None), null)]
    public void Digits_are_shown_as_configured(string shown, string? beginning)
    {
        DtmfReports dtmf = Enum.Parse<DtmfReports>(shown);
        PipelineRig text = Digit(new PipelineRig(new ReportOptions { Dtmf = dtmf }).Inbound("a", "a@x"));
        PipelineRig json = Digit(new PipelineRig(new ReportOptions { Dtmf = dtmf, CallFormat = CallFormat.Json }).Inbound("a", "a@x"));

        Assert.Equal(beginning is null ? 1 : 2, text.Packets.Count);
        Assert.Equal(text.Packets.Count, json.Packets.Count);
        if (beginning is not null)
        {
            Assert.StartsWith(beginning, text.Packets[1].Payload, StringComparison.Ordinal);
            Assert.Equal(dtmf == DtmfReports.Masked ? "*" : "5", json.Packets[1].Json().GetProperty("DTMF-Digit").GetString());
        }
    }

    [Theory]
    [InlineData("true")]
    [InlineData("t")]
    [InlineData("1")]
    [InlineData("yes")]
    public void Digits_marked_as_sensitive_are_never_shown(string mark)
    {
        PipelineRig rig = Digit(new PipelineRig().Inbound("a", "a@x", ("variable_sensitive_dtmf", mark)));

        Assert.Equal(["CREATE"], rig.States("a@x"));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Other_events_are_reported_if_configured()
    {
        string[] names = ["CHANNEL_EXECUTE", "MY_OWN", "HEARTBEAT"];
        PipelineRig rig = new(new ReportOptions { ExtraCallEvents = System.Collections.Frozen.FrozenSet.ToFrozenSet(names) });
        rig.Inbound("a", "a@x").Sip("CHANNEL_EXECUTE", "a", ("Application", "playback"), ("Application-Data", "/x y.wav")).Sip("MY_OWN", "a")
            .Sip("CHANNEL_EXECUTE_COMPLETE", "a").Feed("HEARTBEAT");

        Assert.Equal(["CREATE", "EXECUTE", "MY_OWN"], rig.States("a@x"));
        Assert.Contains("; playback /x y.wav;", rig.Packets[1].Payload, StringComparison.Ordinal);
        (IReadOnlyList<string> subscribed, _) = rig.Input.Plan.Subscription();
        Assert.Contains("MY_OWN", subscribed);
        Assert.Contains("CHANNEL_EXECUTE", subscribed);
    }

    [Fact]
    public void A_transfers_state_is_its_subclass()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Sip("CUSTOM", "a", ("Event-Subclass", "sofia::transferor"));

        Assert.Equal(["CREATE", "sofia::transferor"], rig.States("a@x"));
    }

    [Fact]
    public void Json_contains_the_known_headers_except_hidden_ones()
    {
        PipelineRig rig = new(new ReportOptions { CallFormat = CallFormat.Json, HideHeaders = [.. ReportOptions.DefaultHideHeaders, "caller-ani"] });
        rig.Inbound("a", "a@x", ("variable_digits_dialed", "4711"), ("Caller-ANI", "1000"), ("Caller-Caller-ID-Name", "J \"Q\" \\ P\né"), ("Application-Data", "tab\there"));
        JsonElement json = Assert.Single(rig.Packets).Json();

        Assert.Equal(("CREATE", "1000", "2000", "a@x"), (Text(json, "state"), Text(json, "from"), Text(json, "to"), Text(json, "callid")));
        Assert.Equal("J \"Q\" \\ P\né", Text(json, "Caller-Caller-ID-Name"));
        Assert.Equal("tab\there", Text(json, "Application-Data"));
        Assert.DoesNotContain("4711", rig.Packets[0].Payload, StringComparison.Ordinal);
        Assert.False(json.TryGetProperty("Caller-ANI", out _));
        Assert.All(json.EnumerateObject(), member => Assert.Equal(JsonValueKind.String, member.Value.ValueKind));
    }

    [Fact]
    public void Every_recorded_event_is_valid_json()
    {
        PipelineRig rig = new PipelineRig(new ReportOptions { CallFormat = CallFormat.Json, CustomEvents = true }).Feed(Esl.EslCapture.Read("esl-plain.bin.gz"));

        Assert.All(rig.Packets.Where(packet => packet.Type == HepPayloadType.Log), packet => Assert.Equal(packet.CallId, Text(packet.Json(), "callid")));
    }

    [Theory]
    [InlineData("a%00b", "a\ufffdb")]
    [InlineData("a%FFb%C3", "aÿbÃ")]
    [InlineData("Ren%E9", "René")]
    [InlineData("a%80b%9C", "a\ufffdb\ufffd")]
    [InlineData("%E2%82%AC%E9", "€é")]
    [InlineData("a%0D%0Ab", "a\r\nb", @"a\x0D\x0Ab")]
    [InlineData("a\"b%5C", "a\"b\\", @"a""b\\")]
    [InlineData("%C3%A9%7F", "é\x7f", @"é\x7F")]
    public void A_value_is_one_line_of_valid_text_and_unchanged_in_json(string written, string text, string? line = null)
    {
        string name = $"Event-Name: CHANNEL_CREATE\nUnique-ID: a\nChannel-Name: sofia/x\nvariable_sip_call_id: a%40x\nCaller-Destination-Number: {written}\nCore-UUID: 1\n\n";
        PipelineRig plain = new();
        plain.Feed(Encoding.Latin1.GetBytes(name), EventEncoding.Plain);
        PipelineRig json = new(new ReportOptions { CallFormat = CallFormat.Json });
        json.Feed(Encoding.Latin1.GetBytes(name), EventEncoding.Plain);

        Assert.StartsWith($"CREATE ? → {line ?? text}; callid=a@x", Assert.Single(plain.Packets).Payload, StringComparison.Ordinal);
        Assert.Equal(text, Text(Assert.Single(json.Packets).Json(), "to"));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("€x")]
    [InlineData("😀")]
    public void Overlong_text_is_truncated_between_characters_with_a_note(string unit)
    {
        for (int pad = 0; pad < 4; pad++)
        {
            PipelineRig rig = new(new ReportOptions { MaxPacket = 1_000 });
            rig.Inbound("a", "a@x", ("Caller-Destination-Number", new string('p', pad) + string.Concat(Enumerable.Repeat(unit, 600))));
            string payload = Assert.Single(rig.Packets).Payload;

            Assert.Matches(" …\\[[0-9]+ bytes cut\\]; callid=a@x uuid=a", payload);
            Assert.DoesNotContain('\ufffd', payload);
            Assert.Equal(1, rig.Pipeline.Counters.PacketsCut);
            Assert.InRange(Encoding.UTF8.GetByteCount(payload), 700, 1_000);
        }
    }

    [Fact]
    public void Truncated_text_keeps_its_tail()
    {
        PipelineRig rig = new(new ReportOptions { MaxPacket = 1_000 });
        rig.Sip("CHANNEL_BRIDGE", "a", ("variable_sip_call_id", "a@x"), ("Other-Leg-Channel-Name", new string('n', 5_000)), ("Other-Leg-Unique-ID", "b"), ("Event-Sequence", "77"));
        string payload = Assert.Single(rig.Packets).Payload;

        Assert.StartsWith("BRIDGE 1000 → 2000; nnn", payload, StringComparison.Ordinal);
        Assert.EndsWith(" bytes cut]; callid=a@x uuid=a seq=77 time=2026-11-21T23:55:00.000000+00:00 other=b", payload, StringComparison.Ordinal);
        Assert.Contains($" …[{5_000 - Regex.Match(payload, "nnn+").Length} bytes cut]", payload, StringComparison.Ordinal);
        Assert.Equal(1, rig.Pipeline.Counters.PacketsCut);
    }

    [Fact]
    public void An_overlong_tail_is_truncated_at_its_end()
    {
        PipelineRig rig = new(new ReportOptions { MaxPacket = 400 });
        rig.Sip("CHANNEL_BRIDGE", "a", ("variable_sip_call_id", "a@x"), ("Other-Leg-Unique-ID", new string('b', 256)));
        string payload = Assert.Single(rig.Packets).Payload;

        Assert.StartsWith("BRIDGE 1000 → 2000; callid=a@x uuid=a", payload, StringComparison.Ordinal);
        Assert.Matches("bbb …\\[[0-9]+ bytes cut\\]$", payload);
        Assert.Equal(1, rig.Pipeline.Counters.PacketsCut);
    }

    [Fact]
    public void Overlong_json_loses_its_largest_values()
    {
        PipelineRig rig = new(new ReportOptions { MaxPacket = 2_000, CallFormat = CallFormat.Json });
        rig.Inbound("a", "a@x", ("variable_switch_r_sdp", new string('s', 70_000)), ("Caller-Context", new string('c', 1_500)), ("Caller-Source", "small")).Inbound("b", "b@x");
        JsonElement json = rig.Packets[0].Json();

        Assert.False(json.TryGetProperty("variable_switch_r_sdp", out _));
        Assert.False(json.TryGetProperty("Caller-Context", out _));
        Assert.Equal("small", Text(json, "Caller-Source"));
        Assert.Equal(1, rig.Pipeline.Counters.PacketsCut);
        Assert.Equal("sofia/internal/1000", Text(rig.Packets[1].Json(), "Channel-Name"));
    }

    [Fact]
    public void Payloads_that_cannot_be_shortened_enough_are_counted()
    {
        PipelineRig rig = new(new ReportOptions { MaxPacket = 300 });
        rig.Inbound("a", new string('c', 400));
        rig.Inbound("b", new string('d', 1_000)).Inbound("e", "e@x");

        Assert.Equal(2, rig.Pipeline.Counters.PacketsTooLarge);
        Assert.Equal(["CREATE"], rig.States("e@x"));
    }

    [Fact]
    public void A_log_line_has_the_configured_address_or_the_legs_or_the_switchs()
    {
        Assert.True(HepAddress.TryParse("192.0.2.9"u8, out HepAddress agent));
        string Address(PipelineRig rig) => Assert.Single(rig.Packets) is { SourcePort: 0, DestinationPort: 0 } packet && packet.Source == packet.Destination ? packet.Source : "";

        Assert.Equal("192.0.2.9", Address(new PipelineRig(new ReportOptions { AgentAddress = agent }).Inbound("a", "a@x", ("variable_sip_local_network_addr", "10.0.0.7"))));
        Assert.Equal("10.0.0.7", Address(new PipelineRig().Inbound("a", "a@x", ("variable_sip_local_network_addr", "10.0.0.7"))));
        Assert.Equal("fd99::7", Address(new PipelineRig().Inbound("a", "a@x", ("variable_sip_local_network_addr", "fd99::7"))));
        Assert.Equal("10.0.0.1", Address(new PipelineRig().Inbound("a", "a@x")));
        Assert.Equal("fd99::1", Address(new PipelineRig().Inbound("a", "a@x", ("FreeSWITCH-IPv4", ""), ("FreeSWITCH-IPv6", "fd99::1"))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Configured_headers_are_added_by_name_and_glob_except_hidden_ones(bool held)
    {
        (string, string)[] headers =
        [
            ("variable_accountcode", "acc 1; callid=v x=y"), ("variable_sip_h_X-Foo", "foo"), ("variable_sip_h_X-Token", "hidden"), ("variable_other_thing", "no"),
            ("variable_my_dial", "{sip_auth_password=s3cret}user/1"), ("X-Own", "é"), ("Caller-Context", "default"), ("variable_my_uuid", "a:b@c"),
        ];
        ReportOptions options = new() { CallHeaders = ["ACCOUNTCODE", "sip_h_X-*", "variable_my_*", "x-own", "caller-context"] };
        PipelineRig json = Play(new ReportOptions { CallFormat = CallFormat.Json, CallHeaders = options.CallHeaders });
        PipelineRig text = Play(new ReportOptions { CallHeadersInText = true, CallHeaders = options.CallHeaders });
        PipelineRig plain = Play(options);

        JsonElement log = json.Packets[0].Json();
        Assert.Equal(("acc 1; callid=v x=y", "foo", "é", "default", "a:b@c"),
            (Text(log, "variable_accountcode"), Text(log, "variable_sip_h_X-Foo"), Text(log, "X-Own"), Text(log, "Caller-Context"), Text(log, "variable_my_uuid")));
        Assert.Equal("{sip_auth_password=******}user/1", Text(log, "variable_my_dial"));
        Assert.False(log.TryGetProperty("variable_sip_h_X-Token", out _));
        Assert.False(log.TryGetProperty("variable_other_thing", out _));
        Assert.Contains(
            @"; accountcode=acc 1\; callid\=v x\=y sip_h_X-Foo=foo my_dial={sip_auth_password\=******}user/1 X-Own=é Caller-Context=default my_uuid=a:b@c; callid=a@x uuid=a ",
            text.Packets[0].Payload, StringComparison.Ordinal);
        Assert.DoesNotContain("accountcode", plain.Packets[0].Payload, StringComparison.Ordinal);

        PipelineRig Play(ReportOptions reports)
        {
            PipelineRig rig = new(reports);
            return held
                ? rig.Sip("CHANNEL_CREATE", "a", headers).Sip("CHANNEL_PROGRESS", "a", ("variable_sip_call_id", "a@x"))
                : rig.Sip("CHANNEL_CREATE", "a", [("variable_sip_call_id", "a@x"), .. headers]);
        }
    }

    [Fact]
    public void Duplicate_headers_are_added_once()
    {
        PipelineRig rig = new(new ReportOptions { CallFormat = CallFormat.Json, CallHeaders = ["*"] });
        rig.Inbound("a", "a@x", ("X-Own", "1"), ("X-Own", "2"), ("Hangup-Cause", "A"), ("Hangup-Cause", "B"));

        JsonElement log = rig.Packets[0].Json();
        Assert.Equal(log.EnumerateObject().Count(), log.EnumerateObject().Select(static member => member.Name).Distinct().Count());
        Assert.Equal("1", Text(log, "X-Own"));
    }

    [Theory]
    [InlineData("1280", " duration=160ms;")]
    [InlineData("2000", " duration=250ms;")]
    [InlineData("long", "; digit=5;")]
    public void A_digits_duration_is_in_milliseconds(string samples, string expected)
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Feed("DTMF", ("Unique-ID", "a"), ("DTMF-Digit", "5"), ("DTMF-Duration", samples));
        Assert.Contains(expected, rig.Packets[^1].Payload, StringComparison.Ordinal);
    }

    private static PipelineRig Digit(PipelineRig rig) =>
        rig.Feed("DTMF", ("Unique-ID", "a"), ("DTMF-Digit", "5"), ("DTMF-Duration", "2000"), ("DTMF-Source", "RTP"));

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
