using System.Buffers.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>
/// The remote address of ICE media. After a re-INVITE, headers repeat the SDP's default address although the pair
/// chosen by ICE stays in use; and a peer-reflexive address is in no header at all, only in a log line of switch_rtp.c.
/// </summary>
internal static class IceRemote
{
    /// <summary>Uses a header's address, unless ICE is known to have chosen another.</summary>
    /// <remarks>Some headers only ever contain the address chosen by ICE, never the SDP's default: <paramref name="isChosen"/>.</remarks>
    public static void Take(ref MediaPath path, in SdpMedia sdp, HepAddress address, ushort port, bool isChosen)
    {
        if (sdp.IceUfrag == 0)
        {
            path.Remote = address;
            path.RemotePort = port;
            return;
        }

        if (path.Replaced != 0 && path.ChosenUfrag == 0)
        {
            // The log line arrived before the SDP.
            path.ChosenUfrag = sdp.IceUfrag;
        }

        uint endpoint = ByteHash.Compute(address, port);
        bool sameSession = path.ChosenUfrag == sdp.IceUfrag;
        bool isDefault = !isChosen && endpoint == sdp.Endpoint;
        if (sameSession && (isDefault || endpoint == path.Replaced))
        {
            return;
        }

        path.Remote = address;
        path.RemotePort = port;
        path.Replaced = 0;
        path.ChosenUfrag = isDefault ? 0 : sdp.IceUfrag;
    }

    /// <summary>A cheap pre-check for every log line: whether it may announce a new remote address.</summary>
    public static bool IsChange(scoped in FreeSwitchEvent e) => e.Get(KnownHeader.LogFile).Is("switch_rtp.c"u8) && e.Body.Raw.IndexOf("Auto Changing "u8) >= 0;

    /// <summary>
    /// Learns from <c>Auto Changing audio stun/rtp/dtls port from 192.0.2.1:5000 to 192.0.2.2:6000 idx:-1</c>, level
    /// NOTICE (switch_rtp.c, handle_ice). Ignores lines from other source files, which may contain text from a caller.
    /// </summary>
    public static void Observe(Leg leg, scoped in FreeSwitchEvent e)
    {
        if (!IsChange(e))
        {
            return;
        }

        ReadOnlySpan<byte> line = e.Body.Raw;
        line = line[(line.IndexOf("Auto Changing "u8) + "Auto Changing "u8.Length)..];
        bool isVideo = line.StartsWith("video "u8);
        if ((!isVideo && !line.StartsWith("audio "u8)) || line[6..].IndexOf("stun/rtp/dtls port from "u8) != 0)
        {
            return;
        }

        line = line[(6 + "stun/rtp/dtls port from "u8.Length)..];
        if (!TryTakeEndpoint(ref line, out HepAddress from, out ushort fromPort) || !line.StartsWith("to "u8))
        {
            return;
        }

        line = line[3..];
        if (!TryTakeEndpoint(ref line, out HepAddress to, out ushort toPort))
        {
            return;
        }

        ref MediaPath path = ref isVideo ? ref leg.Video : ref leg.Audio;
        uint ufrag = isVideo ? leg.RemoteSdp.Video.IceUfrag : leg.RemoteSdp.Audio.IceUfrag;

        // After a second change, headers still contain the address replaced by the first one.
        path.Replaced = path.Replaced != 0 && path.ChosenUfrag == ufrag ? path.Replaced : ByteHash.Compute(from, fromPort);
        path.ChosenUfrag = ufrag;
        path.Remote = to;
        path.RemotePort = toPort;
    }

    // "192.0.2.1:5000 ", and IPv6 without brackets: "2001:db8::1:5000 ".
    private static bool TryTakeEndpoint(scoped ref ReadOnlySpan<byte> text, out HepAddress address, out ushort port)
    {
        int space = text.IndexOf((byte)' ');
        ReadOnlySpan<byte> endpoint = space < 0 ? text : text[..space];
        text = space < 0 ? default : text[(space + 1)..];
        endpoint = endpoint.TrimEnd("\r\n"u8);
        int colon = endpoint.LastIndexOf((byte)':');
        address = default;
        port = 0;
        return colon > 0 && HepAddress.TryParse(endpoint[..colon], out address)
            && Utf8Parser.TryParse(endpoint[(colon + 1)..], out port, out int consumed) && consumed == endpoint.Length - colon - 1 && port != 0;
    }
}
