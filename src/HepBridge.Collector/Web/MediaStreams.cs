using HepBridge.Collector.Payloads;
using HepBridge.Collector.Store;
using HepBridge.Hep;

namespace HepBridge.Collector.Web;

/// <summary>
/// Makes the curves of one call: each direction of media with what its receiver reported over time. An RTCP packet's sender received the stream
/// that its blocks tell of, so the stream runs against the packet; a quality report runs with it.
/// </summary>
internal sealed class MediaStreams
{
    private const long NtpEpochOffset = 2_208_988_800;
    private const int MaxStreams = 32;

    private readonly List<Stream> _streams = [];
    private readonly Dictionary<(HepAddress Sender, uint Middle), long> _senderReports = [];
    private readonly HashSet<HepAddress> _switches = [];

    /// <param name="leg">Id of the call.</param>
    /// <param name="packets">Its packets in the order of their times.</param>
    public static IReadOnlyList<StreamRow> From(long leg, IEnumerable<StoredPacket> packets)
    {
        MediaStreams streams = new();
        List<StoredPacket> ordered = packets.ToList();
        foreach (StoredPacket stored in ordered)
        {
            if (stored.Type == HepPayloadType.Log && HepDecoder.TryDecode(stored.Bytes, out HepPacket packet, out _) && packet.Source.Equals(packet.Destination))
            {
                streams._switches.Add(packet.Source);
            }
        }

        foreach (StoredPacket stored in ordered)
        {
            if (HepDecoder.TryDecode(stored.Bytes, out HepPacket packet, out _))
            {
                streams.Take(packet, stored.Time);
            }
        }

        return streams._streams.Select(s => s.ToRow(leg)).ToList();
    }

    private void Take(in HepPacket packet, long time)
    {
        switch (packet.PayloadType)
        {
            case HepPayloadType.Rtcp when RtcpReport.TryParse(packet.Payload, out RtcpReport report):
                if (report.NtpMiddle is uint middle)
                {
                    _senderReports[(packet.Source, middle)] = time;
                }

                foreach (RtcpBlock block in report.Blocks)
                {
                    double? roundTrip = RoundTrip(packet, block, time);
                    Find(packet.Destination, packet.DestinationPort, packet.Source, packet.SourcePort)?.Take(block, roundTrip, time);
                }

                break;
            case HepPayloadType.MosFull or HepPayloadType.MosShort or HepPayloadType.Report when QosReport.TryParse(packet.Payload, out QosReport qos):
                Find(packet.Source, packet.SourcePort, packet.Destination, packet.DestinationPort)?.Take(qos);
                break;
        }
    }

    // RFC 3550, 6.4.1: arrival − LSR − DLSR, seen from the switch. Only what the far end reports tells of the network: the switch's own reports are
    // captured where they are made, and would always give about 0.
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

        // A little below zero is the clocks' grain; far off is a report that refers to another clock.
        return milliseconds is > -20 and < 10_000 ? Math.Max(0, Math.Round(milliseconds, 2)) : null;
    }

    private Stream? Find(HepAddress from, ushort fromPort, HepAddress to, ushort toPort)
    {
        // RTP on the even port, RTCP on the odd one above, or both on one: the pair is one stream.
        int even = fromPort & ~1;
        int evenTo = toPort & ~1;
        Stream? stream = _streams.Find(s => s.From.Equals(from) && s.To.Equals(to) && s.FromPort == even && s.ToPort == evenTo);
        if (stream is null && _streams.Count < MaxStreams)
        {
            stream = new Stream(from, even, to, evenTo);
            _streams.Add(stream);
        }

        return stream;
    }

    private sealed class Stream(HepAddress from, int fromPort, HepAddress to, int toPort)
    {
        private readonly List<StreamPoint> _points = [];
        private string _ssrc = string.Empty;
        private QosReport? _final;

        public HepAddress From { get; } = from;

        public int FromPort { get; } = fromPort;

        public HepAddress To { get; } = to;

        public int ToPort { get; } = toPort;

        public void Take(RtcpBlock block, double? roundTrip, long time)
        {
            _ssrc = block.SourceSsrc;
            _points.Add(new StreamPoint(time, block.LossPercent, block.Jitter, roundTrip, block.PacketsLost));
        }

        public void Take(QosReport report) => _final = report;

        public StreamRow ToRow(long leg)
        {
            double? loss = _final?.LossPercent ?? _points.Average(p => p.Loss);
            return new StreamRow(
                leg,
                HostNames.Of(From),
                FromPort,
                HostNames.Of(To),
                ToPort,
                _ssrc.Length > 16 ? _ssrc[..16] : _ssrc,
                _final?.Codec ?? string.Empty,
                _final?.Mos,
                loss,
                _points.Max(p => p.Loss),
                _points.Average(p => p.Jitter),
                _points.Max(p => p.Jitter),
                _points.Average(p => p.RoundTrip),
                _points.Max(p => p.RoundTrip),
                CallRows.Word(MediaQuality.Level(_final?.Mos, loss)),
                _points,
                _final is null ? null : new QosRow(_final.Mos, _final.LossPercent, _final.Lost, _final.Packets, _final.JitterMs, _final.MaxJitterMs));
        }
    }
}
