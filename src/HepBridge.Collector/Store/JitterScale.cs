using HepBridge.Collector.Payloads;
using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>The unit of <c>ia_jitter</c> in an agent's RTCP reports.</summary>
internal enum JitterUnit
{
    Unknown,

    /// <summary>Units of the RTP clock, as in RTCP itself (RFC 3550, 6.4.1).</summary>
    RtpClock,
    Milliseconds,
}

/// <summary>
/// Finds the unit of a leg's <c>ia_jitter</c>. The reports don't state it. The final quality report gives it away: its MAX_JITTER is always in ms, and is the
/// maximum of the same stream's reports.
/// </summary>
internal sealed class JitterScale
{
    private const int MaxStreams = 4;

    // Below this, rounding hides the ratio. RTP clocks run at 8 to 90 kHz, so the two units differ by a factor of 8 or more.
    private const double LeastMilliseconds = 0.5;
    private const double LeastFactor = 4;

    // Larger values are not jitter in either unit.
    private const double MostReported = 100_000;

    private readonly List<(HepAddress Receiver, int Port, double Max)> _streams = new(1);

    public JitterUnit Unit { get; private set; }

    public void Observe(HepAddress receiver, ushort port, RtcpReport report)
    {
        double? jitter = report.Blocks.Max(static b => b.Jitter);
        int even = port & ~1;
        if (Unit != JitterUnit.Unknown || jitter is not (>= 0 and <= MostReported))
        {
            return;
        }

        int found = _streams.FindIndex(s => s.Port == even && s.Receiver.Equals(receiver));
        if (found >= 0)
        {
            _streams[found] = (receiver, even, Math.Max(_streams[found].Max, jitter.Value));
        }
        else if (_streams.Count < MaxStreams)
        {
            _streams.Add((receiver, even, jitter.Value));
        }
    }

    public void Observe(HepAddress receiver, ushort port, QosReport report)
    {
        int found = _streams.FindIndex(s => s.Port == (port & ~1) && s.Receiver.Equals(receiver));
        if (found >= 0 && report.MaxJitterMs is >= LeastMilliseconds and double max && Unit == JitterUnit.Unknown)
        {
            Unit = _streams[found].Max / max >= LeastFactor ? JitterUnit.RtpClock : JitterUnit.Milliseconds;
        }
    }
}

/// <summary>The unit that each agent uses, by capture id. Learned from one leg, applied to all. Bounded.</summary>
internal sealed class JitterUnits
{
    private const int MaxAgents = 256;
    private readonly Dictionary<uint, JitterUnit> _units = [];

    public void Learn(uint captureId, JitterUnit unit)
    {
        if (unit != JitterUnit.Unknown && (_units.Count < MaxAgents || _units.ContainsKey(captureId)))
        {
            _units[captureId] = unit;
        }
    }

    /// <summary>A copy for use outside the lock; gives <see cref="JitterUnit.Unknown"/> for an agent whose unit is not known yet.</summary>
    public Func<uint, JitterUnit> Copy()
    {
        Dictionary<uint, JitterUnit> copy = new(_units);
        return captureId => copy.GetValueOrDefault(captureId);
    }
}
