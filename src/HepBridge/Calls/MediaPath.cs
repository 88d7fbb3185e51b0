using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>The local and remote addresses of a leg's audio or video.</summary>
internal struct MediaPath
{
    public HepAddress Local;
    public HepAddress Remote;
    public ushort LocalPort;
    public ushort RemotePort;

    /// <summary>The switch's own SSRC; 0: unknown.</summary>
    public uint LocalSsrc;

    /// <summary>The remote party's SSRC; 0: unknown.</summary>
    public uint RemoteSsrc;

    /// <summary>The RTP clock in Hz; 0: unknown.</summary>
    public uint Clock;

    /// <summary>With ICE, a hash of the ufrag under which the remote address was chosen; 0 if it is still the SDP's default.</summary>
    public uint ChosenUfrag;

    /// <summary>With ICE, a hash of the address still in the headers although the switch has replaced it by <see cref="Remote"/>; 0: none.</summary>
    public uint Replaced;

    public readonly bool IsUnknown => LocalPort == 0 && RemotePort == 0;

    public readonly bool IsComplete => LocalPort != 0 && RemotePort != 0;

    /// <summary>
    /// The RTCP ports: RTP's own if both sides negotiated rtcp-mux, else that of <c>a=rtcp</c>, else RTP's plus one. An SDP whose RTP port is not the
    /// one in use (corrected behind a NAT) says nothing about RTCP; nor does one that offered rtcp-mux with RTP's port, which the other side did not
    /// accept. The switch's own sending depends on the remote SDP alone (switch_core_media.c): it multiplexes to a party that declares rtcp-mux
    /// unasked, though that party does not.
    /// </summary>
    public readonly (ushort Local, ushort Remote) RtcpPorts(in SdpMedia local, in SdpMedia remote, bool isSend) =>
        remote.Mux && (local.Mux || isSend)
            ? (LocalPort, RemotePort)
            : (RtcpPort(LocalPort, local), RtcpPort(RemotePort, remote));

    private static ushort RtcpPort(ushort port, in SdpMedia sdp) =>
        port == 0 ? (ushort)0
        : sdp.RtcpPort != 0 && sdp.Port == port && !(sdp.Mux && sdp.RtcpPort == port) ? sdp.RtcpPort
        : port == ushort.MaxValue ? port : (ushort)(port + 1);
}
