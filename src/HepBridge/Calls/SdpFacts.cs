using System.Buffers.Text;

namespace HepBridge.Calls;

/// <summary>What an SDP (RFC 8866) says of where RTCP runs: ports, <c>a=rtcp</c> (RFC 3605) and <c>a=rtcp-mux</c> (RFC 5761).</summary>
internal struct SdpFacts
{
    public SdpMedia Audio;
    public SdpMedia Video;

    /// <summary>Reads the first active audio and video section of a decoded SDP.</summary>
    public static SdpFacts Read(ReadOnlySpan<byte> sdp)
    {
        var facts = default(SdpFacts);
        int section = 0;
        while (!sdp.IsEmpty)
        {
            int end = sdp.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? sdp : sdp[..end]).TrimEnd((byte)'\r');
            sdp = end < 0 ? default : sdp[(end + 1)..];
            if (line.StartsWith("m="u8))
            {
                section = Begin(ref facts, line[2..]);
            }
            else if (section != 0 && line.StartsWith("a=rtcp"u8))
            {
                ref SdpMedia media = ref section == 1 ? ref facts.Audio : ref facts.Video;
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

        return facts;
    }

    // 1 audio, 2 video, 0 anything else: a section that is off (port 0) or a second one of its kind.
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
    /// <summary>RTP port; 0: there is no such section, or it is off.</summary>
    public ushort Port;

    /// <summary>The port of <c>a=rtcp</c>; 0: none.</summary>
    public ushort RtcpPort;

    /// <summary>Whether <c>a=rtcp-mux</c> stands in the section.</summary>
    public bool Mux;
}
