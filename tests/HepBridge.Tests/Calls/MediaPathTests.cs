using HepBridge.Calls;

namespace HepBridge.Tests.Calls;

public class MediaPathTests
{
    private static readonly MediaPath _path = new() { LocalPort = 25932, RemotePort = 30004 };

    [Fact]
    public void A_party_that_declares_rtcp_mux_unasked_receives_on_its_rtp_port_and_sends_from_the_next()
    {
        SdpMedia local = new() { Port = 25932 };
        SdpMedia remote = new() { Port = 30004, Mux = true };

        Assert.Equal(((ushort)25932, (ushort)30004), _path.RtcpPorts(local, remote, isSend: true));
        Assert.Equal(((ushort)25933, (ushort)30005), _path.RtcpPorts(local, remote, isSend: false));
    }

    [Fact]
    public void Both_multiplex_if_both_declare_rtcp_mux()
    {
        SdpMedia local = new() { Port = 25932, Mux = true, RtcpPort = 25932 };
        SdpMedia remote = new() { Port = 30004, Mux = true };

        Assert.Equal(((ushort)25932, (ushort)30004), _path.RtcpPorts(local, remote, isSend: true));
        Assert.Equal(((ushort)25932, (ushort)30004), _path.RtcpPorts(local, remote, isSend: false));
    }
}
