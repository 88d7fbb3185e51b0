using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>Between which addresses a leg's audio or video runs.</summary>
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

    /// <summary>With ICE, the user name fragment (a hash) under which the remote address was chosen; 0: it was not, it is the SDP's default.</summary>
    public uint ChosenUfrag;

    /// <summary>With ICE, the address (a hash) that headers hold though the switch replaced it by <see cref="Remote"/>; 0: none.</summary>
    public uint Replaced;

    /// <summary>Whether neither side is known.</summary>
    public readonly bool IsUnknown => LocalPort == 0 && RemotePort == 0;

    /// <summary>Whether both addresses and ports are known.</summary>
    public readonly bool IsComplete => LocalPort != 0 && RemotePort != 0;

    /// <summary>
    /// The ports that RTCP runs between: RTP's own if both sides said rtcp-mux, else that of <c>a=rtcp</c>, else RTP's plus one. An SDP
    /// whose RTP port isn't the one in use (it was corrected behind a NAT) says nothing about RTCP's, nor does one that offered rtcp-mux
    /// and names RTP's port for it: the other side didn't accept that. What the switch sends depends on the remote party's SDP alone
    /// (switch_core_media.c): it multiplexes for a party that says so unasked, while that one doesn't.
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
