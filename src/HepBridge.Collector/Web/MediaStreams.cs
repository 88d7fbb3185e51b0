using System.Buffers.Text;
using HepBridge.Collector.Payloads;
using HepBridge.Collector.Store;
using HepBridge.Hep;

namespace HepBridge.Collector.Web;

/// <summary>
/// Builds the curves of one leg: for each direction of media, its receiver's reports over time. The sender of an RTCP
/// packet received the stream that its blocks report on, so the stream runs against the packet; a quality report runs
/// with it. Jitter is always in milliseconds.
/// </summary>
internal sealed class MediaStreams
{
    private const long NtpEpochOffset = 2_208_988_800;
    private const int MaxStreams = 32;

    private readonly List<Stream> _streams = [];
    private readonly Dictionary<(HepAddress Sender, uint Middle), long> _senderReports = [];
    private readonly Dictionary<int, (int Stream, double Scale)> _packets = [];
    private readonly HashSet<HepAddress> _switches = [];
    private readonly MediaClocks _clocks = new();

    /// <summary>By packet number: the stream that the packet reports on, and the factor that converts its jitter to milliseconds.</summary>
    public IReadOnlyDictionary<int, (int Stream, double Scale)> Packets => _packets;

    /// <param name="packets">The leg's packets, sorted by time.</param>
    /// <param name="unit">The unit of an agent's jitter, by capture id.</param>
    public static MediaStreams Read(IEnumerable<StoredPacket> packets, Func<uint, JitterUnit> unit)
    {
        MediaStreams streams = new();
        List<StoredPacket> ordered = packets.ToList();
        foreach (StoredPacket stored in ordered)
        {
            if (stored.Type is HepPayloadType.Log or HepPayloadType.Sip && HepDecoder.TryDecode(stored.Bytes, out HepPacket packet, out _))
            {
                streams._clocks.Observe(packet);
                if (stored.Type == HepPayloadType.Log && packet.Source.Equals(packet.Destination))
                {
                    streams._switches.Add(packet.Source);
                }
            }
        }

        foreach (StoredPacket stored in ordered)
        {
            if (HepDecoder.TryDecode(stored.Bytes, out HepPacket packet, out _))
            {
                streams.Take(packet, stored, unit);
            }
        }

        return streams;
    }

    /// <param name="leg">Id of the leg.</param>
    public IReadOnlyList<StreamRow> Rows(long leg) => _streams.ConvertAll(s => s.ToRow(leg));

    private void Take(in HepPacket packet, StoredPacket stored, Func<uint, JitterUnit> unit)
    {
        switch (packet.PayloadType)
        {
            case HepPayloadType.Rtcp when RtcpReport.TryParse(packet.Payload, out RtcpReport report):
                if (report.NtpMiddle is uint middle)
                {
                    _senderReports[(packet.Source, middle)] = stored.Time;
                }

                double scale = unit(packet.CaptureId) == JitterUnit.Milliseconds ? 1 : 1000.0 / _clocks.Of(packet.SourcePort, packet.DestinationPort);
                if (Find(packet.Destination, packet.DestinationPort, packet.Source, packet.SourcePort, stored.Number, scale) is Stream heard)
                {
                    foreach (RtcpBlock block in report.Blocks)
                    {
                        heard.Take(block, RoundTrip(packet, block, stored.Time), stored.Time, scale);
                    }
                }

                break;
            case HepPayloadType.MosFull or HepPayloadType.MosShort or HepPayloadType.Report when QosReport.TryParse(packet.Payload, out QosReport qos):
                Find(packet.Source, packet.SourcePort, packet.Destination, packet.DestinationPort, stored.Number, 1)?.Take(qos);
                break;
        }
    }

    // RFC 3550, 6.4.1: arrival − LSR − DLSR, as seen from the switch. Only the far end's reports include the network:
    // the switch's own are captured where they are made, and would always give about 0.
    private double? RoundTrip(in HepPacket packet, RtcpBlock block, long time)
    {
        if (block.LastReport is not (> 0 and uint last) || block.Delay is not uint delay || _switches.Contains(packet.Source))
        {
            return null;
        }

        double milliseconds;
        if (_senderReports.TryGetValue((packet.Destination, last), out long sent))
        {
            milliseconds = ((time - sent) / 1000.0) - (delay / 65.536);
        }
        else
        {
            long seconds = (time / 1_000_000) + NtpEpochOffset;
            uint arrival = ((uint)seconds << 16) | (uint)(time % 1_000_000 * 65_536 / 1_000_000);
            milliseconds = (int)(arrival - last - delay) / 65.536;
        }

        // Slightly negative values are clock granularity; large ones mean that the report refers to another clock.
        return milliseconds is > -20 and < 10_000 ? Math.Max(0, Math.Round(milliseconds, 2)) : null;
    }

    private Stream? Find(HepAddress from, ushort fromPort, HepAddress to, ushort toPort, int packet, double scale)
    {
        // RTP on the even port and RTCP on the odd one above, or both on one: treat the pair as one stream.
        int even = fromPort & ~1;
        int evenTo = toPort & ~1;
        int found = _streams.FindIndex(s => s.From.Equals(from) && s.To.Equals(to) && s.FromPort == even && s.ToPort == evenTo);
        if (found < 0 && _streams.Count < MaxStreams)
        {
            found = _streams.Count;
            _streams.Add(new Stream(from, even, to, evenTo));
        }

        if (found < 0)
        {
            return null;
        }

        _packets[packet] = (found, scale);
        return _streams[found];
    }

    private sealed record Stream(HepAddress From, int FromPort, HepAddress To, int ToPort)
    {
        private readonly List<StreamPoint> _points = [];
        private string _ssrc = string.Empty;
        private QosReport? _final;

        public void Take(RtcpBlock block, double? roundTrip, long time, double scale)
        {
            _ssrc = block.SourceSsrc;
            _points.Add(new StreamPoint(time, block.LossPercent, MediaQuality.Jitter(block.Jitter * scale), roundTrip, block.PacketsLost));
        }

        public void Take(QosReport report) => _final = report;

        public StreamRow ToRow(long leg)
        {
            double? loss = _final?.LossPercent ?? _points.Average(p => p.Loss);
            return new StreamRow(
                leg, Leg.HostName(From), FromPort, Leg.HostName(To), ToPort, _ssrc.Length > 16 ? _ssrc[..16] : _ssrc, _final?.Codec ?? string.Empty, _final?.Mos,
                loss, _points.Max(p => p.Loss),
                _points.Average(p => p.Jitter) ?? _final?.JitterMs, _points.Max(p => p.Jitter) ?? _final?.MaxJitterMs,
                _points.Average(p => p.RoundTrip), _points.Max(p => p.RoundTrip),
                CallRows.Word(MediaQuality.Level(_final?.Mos, loss)), _points,
                _final is null ? null : new QosRow(_final.Mos, _final.LossPercent, _final.Lost, _final.Packets, _final.JitterMs, _final.MaxJitterMs));
        }
    }
}

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
