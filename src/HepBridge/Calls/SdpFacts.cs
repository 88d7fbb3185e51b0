using System.Buffers.Text;
using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>
/// The addresses in an SDP (RFC 8866): RTP's port and connection address, <c>a=rtcp</c> (RFC 3605), <c>a=rtcp-mux</c>
/// (RFC 5761) and <c>a=ice-ufrag</c> (RFC 8839).
/// </summary>
internal struct SdpFacts
{
    public SdpMedia Audio;
    public SdpMedia Video;

    /// <summary>Reads the first active audio and video section of a decoded SDP.</summary>
    public static SdpFacts Read(ReadOnlySpan<byte> sdp)
    {
        SdpFacts facts = default;

        // Session-level lines apply to all sections that do not have their own.
        uint sessionUfrag = 0;
        HepAddress sessionAddress = default;
        HepAddress address = default;
        bool isSession = true;
        int section = 0;
        while (!sdp.IsEmpty)
        {
            int end = sdp.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? sdp : sdp[..end]).TrimEnd((byte)'\r');
            sdp = end < 0 ? default : sdp[(end + 1)..];
            if (line.StartsWith("m="u8))
            {
                Finish(ref facts, section, address);
                isSession = false;
                section = Begin(ref facts, line[2..]);
                address = sessionAddress;
                if (section != 0)
                {
                    Section(ref facts, section).IceUfrag = sessionUfrag;
                }
            }
            else if (line.StartsWith("c=IN IP"u8))
            {
                ref HepAddress target = ref isSession ? ref sessionAddress : ref address;
                _ = line.Length > 8 && HepAddress.TryParse(line[8..].Trim((byte)' '), out target);
            }
            else if (line.StartsWith("a=ice-ufrag:"u8))
            {
                // Only compared, so a hash of 0 becomes 1.
                uint ufrag = Math.Max((uint)ByteHash.Compute(line[12..]), 1);
                if (isSession)
                {
                    sessionUfrag = ufrag;
                }
                else if (section != 0)
                {
                    Section(ref facts, section).IceUfrag = ufrag;
                }
            }
            else if (section != 0 && line.StartsWith("a=rtcp"u8))
            {
                ref SdpMedia media = ref Section(ref facts, section);
                if (line.SequenceEqual("a=rtcp-mux"u8))
                {
                    media.Mux = true;
                }
                else if (line.StartsWith("a=rtcp:"u8) && Utf8Parser.TryParse(line[7..], out ushort port, out _))
                {
                    media.RtcpPort = port;
                }
            }
        }

        Finish(ref facts, section, address);
        return facts;
    }

    private static ref SdpMedia Section(ref SdpFacts facts, int section) => ref section == 1 ? ref facts.Audio : ref facts.Video;

    private static void Finish(ref SdpFacts facts, int section, HepAddress address)
    {
        if (section != 0)
        {
            ref SdpMedia media = ref Section(ref facts, section);
            media.Endpoint = ByteHash.Compute(address, media.Port);
        }
    }

    // 1 audio, 2 video, 0 anything else: a section that is off (port 0), or a second one of its kind.
    private static int Begin(ref SdpFacts facts, ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        if (space < 0 || !Utf8Parser.TryParse(line[(space + 1)..], out ushort port, out _) || port == 0)
        {
            return 0;
        }

        if (line[..space].SequenceEqual("audio"u8) && facts.Audio.Port == 0)
        {
            facts.Audio.Port = port;
            return 1;
        }

        if (line[..space].SequenceEqual("video"u8) && facts.Video.Port == 0)
        {
            facts.Video.Port = port;
            return 2;
        }

        return 0;
    }
}

/// <summary>One media section of an SDP.</summary>
internal struct SdpMedia
{
    /// <summary>RTP port; 0: no such section, or it is off.</summary>
    public ushort Port;

    /// <summary>The port of <c>a=rtcp</c>; 0: none.</summary>
    public ushort RtcpPort;

    /// <summary>Whether the section contains <c>a=rtcp-mux</c>.</summary>
    public bool Mux;

    /// <summary>Hash of the ICE user name fragment, which changes with an ICE restart; 0: no ICE.</summary>
    public uint IceUfrag;

    /// <summary>Hash of connection address and port; with ICE, only a default that the chosen pair replaces.</summary>
    public uint Endpoint;
}
