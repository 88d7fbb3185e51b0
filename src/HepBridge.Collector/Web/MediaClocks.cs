using System.Buffers.Text;
using HepBridge.Collector.Payloads;
using HepBridge.Hep;

namespace HepBridge.Collector.Web;

/// <summary>
/// The RTP clock rates of a leg, which convert jitter to milliseconds: from the SDP by port, else from the codec in its events, else
/// 8,000 Hz, the clock of G.711, G.722 (RFC 3551, 4.5.2) and G.729.
/// </summary>
internal sealed class MediaClocks
{
    private const int Telephony = 8_000;
    private const int Video = 90_000;
    private const int MaxPorts = 32;

    private readonly Dictionary<int, int> _byPort = [];
    private int _codecClock = Telephony;

    public void Observe(in HepPacket packet)
    {
        if (packet.PayloadType == HepPayloadType.Sip)
        {
            ObserveSdp(packet.Payload);
        }
        else if (CallLogLine.TryParse(packet.Payload, out CallLogLine line) && line.State is "ANSWER" or "PROGRESS_MEDIA")
        {
            _codecClock = line.Detail.ToLowerInvariant() switch
            {
                "opus" => 48_000,
                "amr-wb" or "speex" or "l16" => 16_000,
                _ => _codecClock,
            };
        }
    }

    /// <summary>Hertz of the stream between two ports.</summary>
    public int Of(int port, int other) =>
        _byPort.TryGetValue(port & ~1, out int clock) || _byPort.TryGetValue(other & ~1, out clock) ? clock : _codecClock;

    // m=audio 30022 RTP/AVP 0 101 … a=rtpmap:0 PCMU/8000: the first format is the one in use.
    private void ObserveSdp(ReadOnlySpan<byte> message)
    {
        int port = -1;
        ReadOnlySpan<byte> format = default;
        while (!message.IsEmpty)
        {
            int end = message.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? message : message[..end]).TrimEnd((byte)'\r');
            message = end < 0 ? default : message[(end + 1)..];
            if (line.StartsWith("m="u8))
            {
                port = ReadMedia(line, out format);
                if (port > 0)
                {
                    Set(port, line.StartsWith("m=video "u8) ? Video : Telephony);
                }
            }
            else if (port > 0 && line.StartsWith("a=rtpmap:"u8) && line[9..] is var map && map.StartsWith(format) && map.Length > format.Length && map[format.Length] == ' '
                && map.IndexOf((byte)'/') is > 0 and int slash && Utf8Parser.TryParse(map[(slash + 1)..], out int clock, out _) && clock is >= 1_000 and <= 1_000_000)
            {
                Set(port, clock);
            }
        }
    }

    private static int ReadMedia(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> format)
    {
        // m=<media> <port> <transport> <format> …
        _ = NextWord(ref line);
        bool hasPort = Utf8Parser.TryParse(NextWord(ref line), out ushort port, out _);
        _ = NextWord(ref line);
        format = NextWord(ref line);
        return hasPort && !format.IsEmpty ? port : -1;
    }

    private static ReadOnlySpan<byte> NextWord(scoped ref ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[(end + 1)..];
        return word;
    }

    private void Set(int port, int clock)
    {
        if (_byPort.Count < MaxPorts || _byPort.ContainsKey(port & ~1))
        {
            _byPort[port & ~1] = clock;
        }
    }
}
