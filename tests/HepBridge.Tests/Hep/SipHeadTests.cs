using System.Text;
using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;

namespace HepBridge.Tests.Hep;

public sealed class SipHeadTests
{
    [Theory]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP [fd99::2]:5070;rport, SIP/2.0/UDP x\r\nCall-ID: c@d\r\nCSeq: 1 INVITE\r\n\r\nCall-ID: no", "INVITE", 0, "c@d", "SIP/2.0/UDP [fd99::2]:5070;rport, SIP/2.0/UDP x")]
    [InlineData("\r\n\r\nSIP/2.0 486 Busy Here\nv:x\ni :  c@d \ncseq:7   INVITE\n\n", "INVITE", 486, "c@d", "x")]
    [InlineData("ACK sip:a SIP/2.0\r\nCALL-ID:\r\n  folded@d\r\n", "ACK", 0, "folded@d", "")]
    [InlineData("BYE sip:a SIP/2.0\r\nCall-ID: first\r\nCall-ID: second\r\n\r\nINVITE sip:x SIP/2.0\r\nCall-ID: third\r\n\r\n", "BYE", 0, "first", "")]
    [InlineData("OPTIONS sip:a SIP/2.0", "OPTIONS", 0, "", "")]
    public void The_first_message_is_read(string text, string method, int status, string callId, string via)
    {
        Assert.True(SipHead.TryRead(Encoding.UTF8.GetBytes(text), out SipHead head));
        Assert.Equal((method, status, callId, via), (Encoding.UTF8.GetString(head.Method), head.Status, Encoding.UTF8.GetString(head.CallId), Encoding.UTF8.GetString(head.Via)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("Call-ID: c@d\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n")]
    [InlineData("SIP/2.0 4x6 Busy\r\nCall-ID: c\r\n")]
    [InlineData("INVITE SIP/2.0\r\nCall-ID: c\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    public void Half_a_message_and_other_text_is_none(string text) => Assert.False(SipHead.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_recorded_message_names_its_call_and_any_prefix_is_read_without_harm()
    {
        foreach (byte[] packet in HepPackets.Sofia)
        {
            Assert.True(HepDecoder.TryDecode(packet, out HepPacket decoded, out _));
            Assert.True(SipHead.TryRead(decoded.Payload, out SipHead head));
            Assert.False(head.CallId.IsEmpty || head.Method.IsEmpty || head.Via.IsEmpty);
            for (int i = 0; i < decoded.Payload.Length; i += 7)
            {
                SipHead.TryRead(decoded.Payload[..i], out _);
                SipHead.TryRead(decoded.Payload[i..], out _);
            }
        }
    }
}
