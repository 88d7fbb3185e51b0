using System.Globalization;
using System.Text;
using HepBridge.Calls;
using HepBridge.FreeSwitch.Events;
using HepBridge.Fuzz.Corpora;

namespace HepBridge.Fuzz.Targets;

/// <summary>An SDP: the result equals that of a simple line-by-line parser, and RTCP ports are known wherever RTP's are.</summary>
internal sealed class SdpTarget() : FuzzTarget("sdp", "SDPs of both sides of a leg")
{
    public override IReadOnlyList<byte[]> Corpus { get; } = Sdps();

    public override Outcome Run(byte[] input)
    {
        SdpFacts facts = SdpFacts.Read(input);
        (SdpMedia audio, SdpMedia video) = ReadPlainly(input);
        Rule.Holds(Same(facts.Audio, audio));
        Rule.Holds(Same(facts.Video, video));
        foreach (bool isSend in (bool[])[false, true])
        {
            MediaPath path = new() { LocalPort = facts.Audio.Port, RemotePort = ushort.MaxValue };
            (ushort local, ushort remote) = path.RtcpPorts(facts.Audio, facts.Video, isSend);
            Rule.Holds(local != 0 == (facts.Audio.Port != 0) && remote != 0);
        }

        return facts.Audio.Port == 0 && facts.Video.Port == 0
            ? Outcome.Refused("no media")
            : Outcome.Taken($"{facts.Audio.Port != 0}{facts.Audio.Mux}{facts.Audio.RtcpPort != 0}{facts.Video.Port != 0}{facts.Video.Mux}{facts.Video.RtcpPort != 0}");
    }

    private static bool Same(SdpMedia a, SdpMedia b) => a.Port == b.Port && a.RtcpPort == b.RtcpPort && a.Mux == b.Mux;

    private static (SdpMedia Audio, SdpMedia Video) ReadPlainly(byte[] input)
    {
        SdpMedia audio = default, video = default;
        char section = ' ';
        foreach (string whole in Encoding.Latin1.GetString(input).Split('\n'))
        {
            string line = whole.TrimEnd('\r');
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                string[] words = line[2..].Split(' ', 2);
                ushort port = words.Length > 1 ? Port(words[1]) : (ushort)0;
                section = (words[0], port) switch
                {
                    ("audio", > 0) when audio.Port == 0 => 'a',
                    ("video", > 0) when video.Port == 0 => 'v',
                    _ => ' ',
                };
                audio.Port = section == 'a' ? port : audio.Port;
                video.Port = section == 'v' ? port : video.Port;
            }
            else if (section != ' ')
            {
                ref SdpMedia media = ref section == 'a' ? ref audio : ref video;
                media.Mux |= line == "a=rtcp-mux";
                if (line.StartsWith("a=rtcp:", StringComparison.Ordinal)
                    && ushort.TryParse(Digits(line[7..]), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                {
                    media.RtcpPort = port;
                }
            }
        }

        return (audio, video);
    }

    private static ushort Port(string text) =>
        ushort.TryParse(Digits(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ushort port) ? port : (ushort)0;

    private static string Digits(string text) => string.Concat(text.TakeWhile(char.IsAsciiDigit));

    private static List<byte[]> Sdps()
    {
        EventParser parser = new();
        HashSet<string> sdps = [];
        foreach (byte[] bytes in RecordedFrames.Events(RecordedFrames.Plain, EventEncoding.Plain))
        {
            parser.TryParse(bytes, EventEncoding.Plain, out FreeSwitchEvent e, out _);
            foreach (KnownHeader header in (KnownHeader[])[KnownHeader.VariableSwitchRSdp, KnownHeader.VariableRtpLocalSdpStr])
            {
                byte[] scratch = new byte[16_384];
                sdps.Add(Encoding.Latin1.GetString(e.Get(header).Decode(scratch)));
            }
        }

        sdps.Remove("");
        sdps.Add(
            "v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\n"
            + "m=audio 20000 RTP/SAVPF 111 0\r\na=rtcp:20001 IN IP6 ::1\r\na=rtcp-mux\r\n"
            + "m=video 20002 RTP/SAVPF 96\r\na=rtcp-mux\r\nm=application 0 UDP/DTLS/SCTP 5000\r\n");
        return [.. sdps.Select(Encoding.Latin1.GetBytes)];
    }
}
