using HepBridge.FreeSwitch.Events;

namespace HepBridge.Calls;

/// <summary>Tells audio RTCP from video RTCP, which no event header does, and learns the SSRCs of both.</summary>
internal static class RtcpMedia
{
    private const uint VideoClock = 90_000;
    private const uint DefaultClock = 8_000;

    /// <summary>Whether an event concerns the leg's video. If unsure, it is treated as audio.</summary>
    public static bool IsVideo(Leg leg, scoped in FreeSwitchEvent e, out bool unsure)
    {
        unsure = false;
        if (e.Get(KnownHeader.RtpRate).TryParseUInt32(out uint rate) && rate != 0)
        {
            return rate == VideoClock;
        }

        if (!leg.HasVideo)
        {
            return false;
        }

        e.Get(KnownHeader.Ssrc).TryParseHex32(out uint remote);
        e.Get(KnownHeader.Source0Ssrc).TryParseHex32(out uint own);
        if (remote != 0 && (remote == leg.Audio.RemoteSsrc || remote == leg.Video.RemoteSsrc) && leg.Audio.RemoteSsrc != leg.Video.RemoteSsrc)
        {
            return remote == leg.Video.RemoteSsrc;
        }

        if (own != 0 && (own == leg.Audio.LocalSsrc || own == leg.Video.LocalSsrc) && leg.Audio.LocalSsrc != leg.Video.LocalSsrc)
        {
            return own == leg.Video.LocalSsrc;
        }

        if (remote != 0 && leg.Audio.RemoteSsrc != 0)
        {
            return true;
        }

        unsure = true;
        return false;
    }

    /// <summary>Learns SSRCs, the clock, and the switch's own reception figures from an RTCP event.</summary>
    public static void Observe(Leg leg, scoped in FreeSwitchEvent e)
    {
        bool isVideo = IsVideo(leg, e, out bool unsure);
        bool isSend = e.Kind == EventKind.SendRtcp;
        if (!unsure)
        {
            // A guess must not determine how later events are classified.
            Learn(ref isVideo ? ref leg.Video : ref leg.Audio, e, isSend);
        }

        if (!isSend || !TryParseLost(e.Get(KnownHeader.SourceLost), out int lost))
        {
            return;
        }

        ref ReceptionState reception = ref isVideo ? ref leg.Rtcp.Video : ref leg.Rtcp.Audio;
        e.Get(KnownHeader.SourceJitter).TryParseUInt32(out uint jitter);
        reception.Lost = lost;
        reception.Blocks++;
        reception.JitterSum += jitter;
        reception.MaxJitter = Math.Max(reception.MaxJitter, jitter);
    }

    private static void Learn(ref MediaPath path, scoped in FreeSwitchEvent e, bool isSend)
    {
        e.Get(KnownHeader.Ssrc).TryParseHex32(out uint ssrc);
        if (ssrc != 0 && (!isSend || path.RemoteSsrc == 0))
        {
            path.RemoteSsrc = ssrc;
        }

        if (!isSend)
        {
            if (path.LocalSsrc == 0 && e.Get(KnownHeader.Source0Ssrc).TryParseHex32(out uint own))
            {
                path.LocalSsrc = own;
            }

            if (path.Clock == 0 && e.Get(KnownHeader.RtpRate).TryParseUInt32(out uint rate))
            {
                path.Clock = rate;
            }
        }
    }

    /// <summary>
    /// The cumulative loss of a report block: 24 bits, signed (RFC 3550, 6.4.1). FreeSWITCH prints it as an unsigned
    /// 32-bit number (switch_rtcp_frame.h). False if absent or not such a number: then the loss is unknown.
    /// </summary>
    public static bool TryParseLost(HeaderValue value, out int lost)
    {
        const int Bits24 = 1 << 24;
        lost = 0;
        if (!value.TryParseInt64(out long number) || number is < int.MinValue or > uint.MaxValue)
        {
            return false;
        }

        // Sign-extended to 32 bits, or not.
        lost = (int)number;
        lost = lost is >= Bits24 / 2 and < Bits24 ? lost - Bits24 : lost;
        return lost is >= -Bits24 / 2 and < Bits24 / 2;
    }

    /// <summary>Jitter in milliseconds: RTP timestamp units over the clock, 8,000 Hz if unknown.</summary>
    public static double Milliseconds(double jitter, uint clock) => jitter * 1_000 / (clock == 0 ? DefaultClock : clock);
}
