using System.Text;
using HepBridge.Collector.Payloads;
using HepBridge.Masking;

namespace HepBridge.Tests.Collector;

public sealed class ViewerPayloadTests
{
    [Fact]
    public void All_parts_of_a_call_log_line_are_parsed()
    {
        Assert.True(CallLogLine.TryParse(
            "HANGUP_COMPLETE 1000 → 1001; NORMAL_CLEARING; callid=abc@h uuid=d18a other=674f seq=812 time=2026-11-21T23:55:19.500714+00:00"u8, out CallLogLine line));
        Assert.Equal(("HANGUP_COMPLETE", "1000", "1001", "NORMAL_CLEARING", "d18a", "674f", "NORMAL_CLEARING"), Values(line));
        Assert.True(CallLogLine.TryParse("DTMF 1000 → 1001; digit=5 duration=1280; callid=abc@h uuid=u"u8, out line));
        Assert.Equal(("DTMF", "digit=5 duration=1280", string.Empty), (line.State, line.Detail, line.Cause));
        Assert.True(CallLogLine.TryParse("BRIDGE ? → 1001; sofia/internal/1001@h; callid=abc@h uuid=u seq=1 time=t other=o"u8, out line));
        Assert.Equal((string.Empty, "1001", "u", "o", "sofia/internal/1001@h"), (line.From, line.To, line.Uuid, line.Other, line.Detail));
        Assert.True(CallLogLine.TryParse("sofia::transferee 1 → 2; callid=abc@h"u8, out line));
        Assert.Equal("sofia::transferee", line.State);
        Assert.True(CallLogLine.TryParse("CREATE  → ; callid=abc@h"u8, out line));
        Assert.Equal((string.Empty, string.Empty), (line.From, line.To));
    }

    [Fact]
    public void The_json_form_of_an_event_is_parsed_too()
    {
        Assert.True(CallLogLine.TryParse(
            """{"Event-Name":"CHANNEL_HANGUP_COMPLETE","Unique-ID":"u","Other-Leg-Unique-ID":"o","Hangup-Cause":"USER_BUSY","Caller-Caller-ID-Number":"1","Caller-Destination-Number":2}"""u8,
            out CallLogLine line));
        Assert.Equal(("HANGUP_COMPLETE", "1", "2", "USER_BUSY", "u", "o", "USER_BUSY"), Values(line));
        Assert.True(CallLogLine.TryParse("""{"state":"ANSWER","from":"3","to":"?","callid":"c","Unique-ID":"u"}"""u8, out line));
        Assert.Equal(("ANSWER", "3", string.Empty, string.Empty, "u", string.Empty, string.Empty), Values(line));
        Assert.False(CallLogLine.TryParse("""{"state":"my::event","callid":"c"}"""u8, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("2026-11-21 [NOTICE] switch_channel.c:1142 New Channel")]
    [InlineData("REGISTER without an arrow; x")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1,2]")]
    [InlineData("{\"Event-Name\":{\"a\":1}}")]
    [InlineData("{\"Event-Name\":\"\\ud800\"}")]
    public void Other_texts_are_log_lines(string text) => Assert.False(CallLogLine.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("i: a@h", "a@h")]
    [InlineData("CALL-ID :  a@h  ", "a@h")]
    [InlineData("Call-ID: first\r\nCall-ID: second", "first")]
    public void The_call_id_is_found_in_all_its_spellings(string header, string expected)
    {
        Assert.True(SipMessage.TryParse(Encoding.UTF8.GetBytes($"INVITE sip:x SIP/2.0\r\n{header}\r\n\r\nCall-ID: body\r\n"), out SipMessage message));
        Assert.Equal(expected, message.CallId);
    }

    [Theory]
    [InlineData("f: <sip:1000@h>", "1000")]
    [InlineData("From: \"x <sip\" <sips:1000@h;user=phone>", "1000")]
    [InlineData("From: tel:+49123;x", "+49123")]
    [InlineData("From: sip:host", "host")]
    [InlineData("From: nonsense", "nonsense")]
    public void The_user_is_found_in_any_address(string header, string expected)
    {
        Assert.True(SipMessage.TryParse(Encoding.UTF8.GetBytes($"INVITE sip:x SIP/2.0\r\nCall-ID: a\r\n{header}\r\n"), out SipMessage message));
        Assert.Equal(expected, message.From);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIP/2.0")]
    [InlineData("SIP/2.0 xyz OK\r\nCall-ID: a\r\n")]
    [InlineData("SIP/2.0 999 OK\r\nCall-ID: a\r\n")]
    [InlineData(" SIP/2.0\r\nCall-ID: a\r\n")]
    [InlineData("INVITE sip:x SIP/2.0\r\n\r\nCall-ID: a\r\n")]
    public void Anything_but_a_sip_message_is_rejected(string text) => Assert.False(SipMessage.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void An_rtcp_report_is_parsed_without_implausible_values()
    {
        Assert.True(RtcpReport.TryParse(
            """{"type":200,"ssrc":7,"sender_information":{"ntp_timestamp_sec":4004294108,"ntp_timestamp_usec":3612533760},"report_blocks":[{"source_ssrc":"9","fraction_lost":128,"packets_lost":-3,"ia_jitter":1e99,"lsr":-1,"dlsr":65536},5,null]}"""u8,
            out RtcpReport report));
        Assert.Equal(((4004294108u << 16) | (3612533760u >> 16), 3), (report.NtpMiddle, report.Blocks.Count));
        Assert.Equal(new RtcpBlock("9", 50, -3, null, null, 65536), report.Blocks[0]);
        Assert.Equal(new RtcpBlock(string.Empty, null, null, null, null, null), report.Blocks[1]);
    }

    [Theory]
    [InlineData("{\"type\":200,\"report_blocks\":{}}")]
    [InlineData("{\"type\":\"x\",\"sender_information\":[]}")]
    [InlineData("{}")]
    [InlineData("{\"type\":200,\"report_bl\\udc00ocks\":[{}]}")]
    public void An_rtcp_report_of_another_shape_has_no_blocks(string json)
    {
        Assert.True(RtcpReport.TryParse(Encoding.UTF8.GetBytes(json), out RtcpReport report));
        Assert.Empty(report.Blocks);
    }

    [Fact]
    public void Deep_json_is_rejected() =>
        Assert.False(RtcpReport.TryParse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5000))), out _));

    [Theory]
    [InlineData("""{"MOS":4.31,"TOTAL_PK":90,"PACKET_LOSS":10}""", 4.31, 10.0)]
    [InlineData("""{"MOS":"4.31","TOTAL_PK":"90","PACKET_LOSS":"10","EXPECTED_PK":200}""", 4.31, 5.0)]
    [InlineData("""{"MOS":451,"PACKET_LOSS":10}""", null, null)]
    [InlineData("""{"MOS":null,"PACKET_LOSS":-1,"TOTAL_PK":0}""", null, null)]
    [InlineData("""{"MOS":"NaN","PACKET_LOSS":"Infinity","TOTAL_PK":5}""", null, null)]
    public void A_quality_report_is_parsed_without_implausible_values(string json, double? mos, double? loss)
    {
        Assert.True(QosReport.TryParse(Encoding.UTF8.GetBytes(json), out QosReport report));
        Assert.Equal((mos, loss), (report.Mos, report.LossPercent));
    }

    [Fact]
    public void Secrets_in_sip_are_masked_without_changing_the_length()
    {
        const string Message =
            "REGISTER sip:h SIP/2.0\r\nAuthorization: Digest username=\"u\", response=\"abc123\", nc=1\r\nPROXY-AUTHORIZATION: Basic dXNlcjpwYXNz\r\n\r\n"
            + "a=crypto:1 AES_CM_128 inline:KEYKEYKEY|2^20\r\na=ice-pwd:topsecret\r\nk=clear:hush\r\na=rtpmap:0 PCMU/8000\r\n";
        byte[] bytes = Encoding.UTF8.GetBytes(Message);
        ValueMask.Default.ApplyToPayload(bytes);
        string masked = Encoding.UTF8.GetString(bytes);
        Assert.Equal(Message.Length, masked.Length);
        foreach (string secret in (string[])["abc123", "dXNlcjpwYXNz", "KEYKEYKEY", "topsecret", "hush"])
        {
            Assert.DoesNotContain(secret, masked, StringComparison.Ordinal);
        }

        Assert.Contains("username=\"u\", response=\"******\", nc=1", masked, StringComparison.Ordinal);
        Assert.Contains("a=rtpmap:0 PCMU/8000", masked, StringComparison.Ordinal);
    }

    private static (string State, string From, string To, string Cause, string Uuid, string Other, string Detail) Values(CallLogLine line) =>
        (line.State, line.From, line.To, line.Cause, line.Uuid, line.Other, line.Detail);
}
