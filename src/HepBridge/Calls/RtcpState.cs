using System.Runtime.CompilerServices;

namespace HepBridge.Calls;

/// <summary>The last sender report of one stream: the event of a receiver report repeats its figures (switch_rtp.c).</summary>
internal struct SenderReportState
{
    public uint Ssrc;
    public uint NtpHigh;
    public uint NtpLow;
    public bool IsVideo;
    public bool IsUsed;
}

/// <summary>The last loss count reported by one side for one source.</summary>
internal struct LossState
{
    public uint SourceSsrc;
    public int Lost;
    public bool IsSend;
    public bool IsUsed;
}

/// <summary>The switch's own reception figures for a leg's stream, from the blocks of its sender reports.</summary>
internal struct ReceptionState
{
    public int Lost;
    public int Blocks;
    public uint MaxJitter;
    public ulong JitterSum;
}

/// <summary>State carried from one RTCP event of a leg to the next. Fixed size: the oldest entry makes room.</summary>
internal struct RtcpState
{
    private SenderReports _senders;
    private Losses _losses;
    private byte _nextSender;
    private byte _nextLoss;

    /// <summary>From SEND_RTCP_MESSAGE blocks about the received audio.</summary>
    public ReceptionState Audio;

    /// <summary>From SEND_RTCP_MESSAGE blocks about the received video.</summary>
    public ReceptionState Video;

    /// <summary>
    /// Records the NTP words of a RECV event. True if they are new for this SSRC: then the event is a sender report, else a receiver report.
    /// </summary>
    public bool IsNewSenderReport(bool isVideo, uint ssrc, uint ntpHigh, uint ntpLow)
    {
        foreach (ref SenderReportState state in (Span<SenderReportState>)_senders)
        {
            if (state.IsUsed && state.Ssrc == ssrc && state.IsVideo == isVideo)
            {
                bool isNew = state.NtpHigh != ntpHigh || state.NtpLow != ntpLow;
                state.NtpHigh = ntpHigh;
                state.NtpLow = ntpLow;
                return isNew;
            }
        }

        _senders[_nextSender] = new SenderReportState { Ssrc = ssrc, NtpHigh = ntpHigh, NtpLow = ntpLow, IsVideo = isVideo, IsUsed = true };
        _nextSender = (byte)((_nextSender + 1) % SenderReports.Length);
        return true;
    }

    /// <summary>
    /// Records a cumulative loss count and returns the increase since the last one of this source in this direction (the full count the first time).
    /// </summary>
    public int LossSince(bool isSend, uint sourceSsrc, int lost)
    {
        foreach (ref LossState state in (Span<LossState>)_losses)
        {
            if (state.IsUsed && state.SourceSsrc == sourceSsrc && state.IsSend == isSend)
            {
                int delta = lost - state.Lost;
                state.Lost = lost;
                return delta;
            }
        }

        _losses[_nextLoss] = new LossState { SourceSsrc = sourceSsrc, Lost = lost, IsSend = isSend, IsUsed = true };
        _nextLoss = (byte)((_nextLoss + 1) % Losses.Length);
        return lost;
    }

    [InlineArray(Length)]
    private struct SenderReports
    {
        public const int Length = 4;
        private SenderReportState _first;
    }

    [InlineArray(Length)]
    private struct Losses
    {
        public const int Length = 6;
        private LossState _first;
    }
}
