using System.Text;
using HepBridge.Hep;
using HepBridge.Inputs.Packets;

namespace HepBridge.Tests.Inputs.Packets;

public sealed class DialogAddressesTests
{
    private readonly DialogAddresses _addresses = new();

    [Fact]
    public void Every_recorded_IPv6_message_gets_both_addresses_as_they_were_on_the_wire()
    {
        List<string> filled = [];
        foreach (byte[] bytes in SipCapture.Session)
        {
            Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out _));
            if (_addresses.TryFill(packet, out HepAddress source, out HepAddress destination))
            {
                filled.Add($"{source}:{packet.SourcePort} {destination}:{packet.DestinationPort}");
            }
        }

        const string ToSwitch = "fd99::2:5070 fd99::1:5060";
        const string ToPhone = "fd99::1:5060 fd99::2:5070";
        Assert.Equal([ToSwitch, ToPhone, ToPhone, ToSwitch, ToSwitch, ToPhone], filled);
    }

    [Fact]
    public void A_response_alone_tells_its_destination_by_Via_and_its_source_by_Contact()
    {
        Assert.Equal("fd99::1 fd99::2", Fill("SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP [fd99::9]:5070;received=fd99::2;branch=x\r\nContact: <sip:x@[fd99::1]:5060>\r\nCall-ID: a\r\n\r\n"));
        Assert.Equal(":: fd99::2", Fill("SIP/2.0 100 Trying\r\nVia: SIP/2.0/UDP [fd99::2]:5070\r\nCall-ID: b\r\n\r\n"));
    }

    [Fact]
    public void A_request_to_a_name_is_filled_in_as_far_as_it_tells_and_its_answers_complete_the_rest()
    {
        Assert.Equal("fd99::2 ::", Fill("INVITE sip:a@pbx.example SIP/2.0\r\nVia: SIP/2.0/UDP [fd99::2]:5070\r\nCall-ID: c\r\n\r\n"));
        Assert.Equal("fd99::1 fd99::2", Fill("SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP [fd99::2]:5070\r\nContact: <sip:a@[fd99::1]>\r\nCall-ID: c\r\n\r\n", 5060, 5070));
        Assert.Equal("fd99::2 fd99::1", Fill("ACK sip:a@pbx.example SIP/2.0\r\nVia: SIP/2.0/UDP [fd99::2]:5070\r\nCall-ID: c\r\n\r\n", 5070, 5060));
    }

    [Theory]
    [InlineData("INVITE sip:a@pbx.example SIP/2.0\r\nVia: SIP/2.0/UDP phone.example\r\nCall-ID: d\r\n\r\n")]
    [InlineData("INVITE sip:a@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2\r\nCall-ID: d\r\n\r\n")]
    [InlineData("half of a message")]
    public void What_nothing_tells_stays_as_it_is(string message) => Assert.Null(Fill(message));

    private string? Fill(string message, ushort from = 5070, ushort to = 5060)
    {
        HepPacket packet = new() { Source = HepAddress.IPv6Any, Destination = HepAddress.IPv6Any, SourcePort = from, DestinationPort = to, Payload = Encoding.UTF8.GetBytes(message) };
        return _addresses.TryFill(packet, out HepAddress source, out HepAddress destination)
            ? $"{(source.IsUnspecified ? "::" : source)} {(destination.IsUnspecified ? "::" : destination)}"
            : null;
    }
}
