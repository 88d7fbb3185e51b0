using HepBridge.Calls;

namespace HepBridge.Tests.Calls;

public class MediaPathTests
{
    private static readonly MediaPath _path = new() { LocalPort = 25932, RemotePort = 30004 };

    [Fact]
    public void A_party_that_multiplexes_unasked_is_sent_to_its_rtp_port_and_sends_from_the_next_one()
    {
        SdpMedia local = new() { Port = 25932 };
        SdpMedia remote = new() { Port = 30004, Mux = true };

        Assert.Equal(((ushort)25932, (ushort)30004), _path.RtcpPorts(local, remote, isSend: true));
        Assert.Equal(((ushort)25933, (ushort)30005), _path.RtcpPorts(local, remote, isSend: false));
    }

    [Fact]
    public void Both_multiplex_when_both_say_so()
    {
        SdpMedia local = new() { Port = 25932, Mux = true, RtcpPort = 25932 };
        SdpMedia remote = new() { Port = 30004, Mux = true };

        Assert.Equal(((ushort)25932, (ushort)30004), _path.RtcpPorts(local, remote, isSend: true));
        Assert.Equal(((ushort)25932, (ushort)30004), _path.RtcpPorts(local, remote, isSend: false));
    }
}
