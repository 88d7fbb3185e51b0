using HepBridge.FreeSwitch.Events;

namespace HepBridge.Calls;

/// <summary>Tells audio's RTCP from video's, and learns the SSRCs of both: no header of the events does.</summary>
internal static class RtcpMedia
{
    private const uint VideoClock = 90_000;
    private const uint DefaultClock = 8_000;

    /// <summary>Whether an event is about the leg's video. Unsure: it may be, and is taken for audio.</summary>
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

    /// <summary>Takes what an RTCP event tells of its leg: SSRCs, the clock, and what the switch measured of the stream it receives.</summary>
    public static void Observe(Leg leg, scoped in FreeSwitchEvent e)
    {
        bool isVideo = IsVideo(leg, e, out bool unsure);
        bool isSend = e.Kind == EventKind.SendRtcp;
        if (!unsure)
        {
            // A guess must not decide what every later event is taken for.
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
    /// The cumulative loss of a report block: 24 bits, signed (RFC 3550, 6.4.1). FreeSWITCH prints it as an unsigned number of 32 bits
    /// (switch_rtcp_frame.h). False if it is absent, or no such number: then nothing is known.
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

    /// <summary>Jitter in milliseconds: RTP timestamp units over the clock, 8,000 Hz if that is unknown.</summary>
    public static double Milliseconds(double jitter, uint clock) => jitter * 1_000 / (clock == 0 ? DefaultClock : clock);
}
