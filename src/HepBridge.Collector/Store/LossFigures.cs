using HepBridge.Collector.Payloads;
using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>The worst loss of a call's directions: the mean of each receiver's reports over time, or the final report's figure.</summary>
internal sealed class LossFigures
{
    private const int MaxStreams = 8;
    private readonly List<Stream> _streams = new(2);
    private double? _final;

    /// <summary>Percent, 0–100; null if nothing was reported.</summary>
    public double? Percent
    {
        get
        {
            double? worst = _final;
            foreach (Stream stream in _streams)
            {
                double mean = stream.Sum / stream.Reports;
                worst = worst > mean ? worst : mean;
            }

            return worst;
        }
    }

    public void Observe(QosReport report) => _final = report.LossPercent is null || _final > report.LossPercent ? _final : report.LossPercent;

    public void Observe(HepAddress receiver, ushort port, RtcpReport report)
    {
        foreach (RtcpBlock block in report.Blocks)
        {
            if (block.LossPercent is not double percent)
            {
                continue;
            }

            Stream? stream = _streams.Find(s => s.Port == port && s.Receiver.Equals(receiver));
            if (stream is null && _streams.Count < MaxStreams)
            {
                stream = new Stream(receiver, port);
                _streams.Add(stream);
            }

            stream?.Add(percent);
        }
    }

    private sealed record Stream(HepAddress Receiver, ushort Port)
    {
        public double Sum { get; private set; }
        public int Reports { get; private set; }

        public void Add(double percent)
        {
            Sum += percent;
            Reports++;
        }
    }
}
