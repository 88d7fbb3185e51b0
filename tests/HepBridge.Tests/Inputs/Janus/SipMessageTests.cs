using System.Text;
using HepBridge.Hep;
using HepBridge.Inputs.Janus;

namespace HepBridge.Tests.Inputs.Janus;

public class SipMessageTests
{
    [Fact]
    public void A_request_goes_from_its_Via_to_its_Route_else_to_its_URI()
    {
        SipMessage plain = Read("INVITE sip:bob@192.0.2.7:5070;transport=tcp SIP/2.0\nVia: SIP/2.0/TCP 192.0.2.1:15060;rport;branch=z\nVia: SIP/2.0/UDP 10.0.0.1\nCall-ID: a@b\n\n");
        Assert.Equal(("192.0.2.1:15060", "192.0.2.7:5070", 6, "a@b", "INVITE"), (Text(plain.Via), Text(plain.Target), plain.Protocol, Encoding.UTF8.GetString(plain.CallId), Encoding.UTF8.GetString(plain.Method)));
        SipMessage routed = Read("BYE sip:bob@example.net SIP/2.0\nv: SIP/2.0/UDP [2001:db8::1]:5062;branch=z\nRoute: \"P\" <sip:[2001:db8::9]:5080;lr>, <sip:192.0.2.3>\ni: c\n\n");
        Assert.Equal(("[2001:db8::1]:5062", "[2001:db8::9]:5080", 17, "c"), (Text(routed.Via), Text(routed.Target), routed.Protocol, Encoding.UTF8.GetString(routed.CallId)));
    }

    [Theory]
    [InlineData("SIP/2.0/UDP 10.0.0.5:5060;received=198.51.100.4;rport=41000;branch=z", "198.51.100.4:41000")]
    [InlineData("SIP/2.0/UDP 10.0.0.5;branch=z", "10.0.0.5:5060")]
    [InlineData("SIP/2.0/UDP host.example:5060;branch=z;received=198.51.100.4", "198.51.100.4:5060")]
    [InlineData("SIP/2.0/UDP host.example:5060;branch=z", "0.0.0.0:0")]
    [InlineData("SIP/2.0/UDP 10.0.0.5:99999", "0.0.0.0:0")]
    [InlineData("nonsense", "0.0.0.0:0")]
    public void A_Via_with_received_and_rport(string via, string expected)
    {
        SipEndpoint endPoint = Read($"SIP/2.0 200 OK\nVia: {via}\nCall-ID: a\n\n").Via;
        Assert.Equal(expected, endPoint.IsUnknown ? "0.0.0.0:0" : Text(endPoint));
    }

    [Theory]
    [InlineData("Content-Length: 3\n\nabcdef", "abc")]
    [InlineData("l: 6\n\nabcdef", "abcdef")]
    [InlineData("Content-Length: 9\n\nabcdef", "abcdef")]
    [InlineData("Content-Length: -1\n\nabcdef", "abcdef")]
    [InlineData("Content-Length: 99999999999999999999\n\nabcdef", "abcdef")]
    [InlineData("X: y\n\nabcdef", "abcdef")]
    public void A_body_ends_where_its_length_says(string rest, string body) =>
        Assert.EndsWith("\r\n\r\n" + body, Encoding.UTF8.GetString(Read("INFO sip:a@b SIP/2.0\n" + rest).Bytes), StringComparison.Ordinal);

    [Fact]
    public void Any_prefix_of_a_message_can_be_read()
    {
        byte[] message = Encoding.UTF8.GetBytes("INVITE sip:b@[::1]:5 SIP/2.0\r\nVia: SIP/2.0/UDP [::1]:5;received=::2;rport=7\r\nContact: <sip:a@1.2.3.4>\r\nCall-ID: x\r\nContent-Length: 2\r\n\r\nabc");
        for (int length = 0; length <= message.Length; length++)
        {
            if (SipMessage.TryRead(message.AsSpan(0, length), out SipMessage read))
            {
                Assert.True(read.Bytes.Length <= length && read.Via.Port + read.Target.Port + read.Contact.Port >= 0);
            }
        }
    }

    private static SipMessage Read(string text)
    {
        Assert.True(SipMessage.TryRead(Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n")), out SipMessage message));
        return message;
    }

    private static string Text(SipEndpoint endPoint) => endPoint.Address.IsIPv6 ? $"[{endPoint.Address}]:{endPoint.Port}" : $"{endPoint.Address}:{endPoint.Port}";
}
