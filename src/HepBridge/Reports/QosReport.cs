using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>
/// One quality report per leg and media type at the end of the leg (HEP type 34, 35 or 99): figures of the received stream, addresses remote → local,
/// with the names that Homer's pages and metrics expect (switch_core_media.c, set_stats). Unknown figures are left out.
/// </summary>
internal sealed class QosReport : IReport
{
    private static readonly MediaHeaders _audioHeaders = new(
        KnownHeader.VariableRtpAudioInPacketCount, KnownHeader.VariableRtpAudioInMediaPacketCount, KnownHeader.VariableRtpAudioInMediaBytes,
        KnownHeader.VariableRtpAudioInMos, KnownHeader.VariableRtpAudioInJitterMinVariance, KnownHeader.VariableRtpAudioInJitterMaxVariance,
        KnownHeader.VariableRtpAudioInMeanInterval, KnownHeader.VariableRtpAudioInQualityPercentage);

    private static readonly MediaHeaders _videoHeaders = new(
        KnownHeader.VariableRtpVideoInPacketCount, KnownHeader.VariableRtpVideoInMediaPacketCount, KnownHeader.VariableRtpVideoInMediaBytes,
        KnownHeader.VariableRtpVideoInMos, KnownHeader.VariableRtpVideoInJitterMinVariance, KnownHeader.VariableRtpVideoInJitterMaxVariance,
        KnownHeader.VariableRtpVideoInMeanInterval, KnownHeader.VariableRtpVideoInQualityPercentage);

    // Loss and jitter come from the report blocks that the switch sends.
    public static EventSelection Select(ReportOptions options) => options.QosEvents
        ? new EventSelection(EventKind.ChannelHangupComplete, EventKind.ChannelDestroy) { Needs = [EventKind.SendRtcp], Condition = HasFigures }
        : EventSelection.None;

    public bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink)
    {
        if (context.Leg is not { QosReported: false } leg)
        {
            return false;
        }

        leg.QosReported = true;
        bool any = false;
        if (e.Get(_audioHeaders.Packets).TryParseInt64(out long audio))
        {
            WriteMedia(e, context, sink, isVideo: false, audio);
            any = true;
        }

        // Channels without video have zeros here.
        if (e.Get(_videoHeaders.Packets).TryParseInt64(out long video) && video > 0)
        {
            WriteMedia(e, context, sink, isVideo: true, video);
            any = true;
        }

        return any;
    }

    private static void WriteMedia(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink, bool isVideo, long packets)
    {
        Leg leg = context.Leg!;
        MediaPath path = isVideo ? leg.Video : leg.Audio;
        HepAddress source = path.IsUnknown ? context.LogAddress : path.Remote;
        HepAddress destination = path.IsUnknown ? context.LogAddress : path.Local;
        foreach (HepPayloadType type in context.Plan.QosTypes)
        {
            PacketHead head = new(type, PacketKind.Qos, true, source, path.RemotePort, destination, path.LocalPort);
            sink.Write(e, context, head, (isVideo, path, packets), WriteJson);
        }
    }

    private static bool HasFigures(scoped in FreeSwitchEvent e, ReportOptions options) => e.Has(_audioHeaders.Packets) || e.Has(_videoHeaders.Packets);

    private static void WriteJson(
        ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in (bool IsVideo, MediaPath Path, long Packets) media)
    {
        (bool isVideo, long packets) = (media.IsVideo, media.Packets);
        ref readonly MediaPath path = ref media.Path;
        Leg leg = context.Leg!;
        MediaHeaders headers = isVideo ? _videoHeaders : _audioHeaders;
        ref ReceptionState reception = ref isVideo ? ref leg.Rtcp.Video : ref leg.Rtcp.Audio;
        writer.Raw((byte)'{');
        writer.JsonMember("CORRELATION_ID"u8, context.CorrelationId);
        writer.JsonMember("RTP_SIP_CALL_ID"u8, leg.CallId.IsEmpty ? context.CorrelationId : leg.CallId.Span);
        writer.MemberName("REPORT_TS"u8);
        TimeText.WriteSeconds(ref writer, context.Time);
        writer.JsonMember("TYPE"u8, "HANGUP"u8);
        writer.JsonMember("MEDIA"u8, isVideo ? "video"u8 : "audio"u8);
        WriteEndpoints(ref writer, path);
        WriteFigures(ref writer, e, headers, packets);
        if (reception.Blocks > 0)
        {
            writer.JsonMember("PACKET_LOSS"u8, (long)reception.Lost);
            writer.JsonMember("EXPECTED_PK"u8, packets + reception.Lost);
        }

        WriteJitter(ref writer, e, headers, reception, path.Clock);
        if (!isVideo)
        {
            WriteCodec(ref writer, e, path.Clock);
        }

        writer.JsonMember("UUID"u8, leg.UniqueId.Span);
        writer.Raw((byte)'}');
    }

    private static void WriteEndpoints(ref PayloadWriter writer, in MediaPath path)
    {
        if (path.RemotePort != 0)
        {
            writer.JsonMember("SRC_IP"u8, path.Remote);
            writer.JsonMember("SRC_PORT"u8, (long)path.RemotePort);
        }

        if (path.LocalPort != 0)
        {
            writer.JsonMember("DST_IP"u8, path.Local);
            writer.JsonMember("DST_PORT"u8, (long)path.LocalPort);
        }

        if (path.RemoteSsrc != 0)
        {
            writer.JsonMember("SSRC"u8, (long)path.RemoteSsrc);
        }
    }

    private static void WriteFigures(ref PayloadWriter writer, scoped in FreeSwitchEvent e, MediaHeaders headers, long packets)
    {
        writer.JsonMember("TOTAL_PK"u8, packets);
        WriteNumber(ref writer, "TL_BYTE"u8, e.Get(headers.MediaBytes));
        if (e.Get(headers.MediaPackets).TryParseInt64(out long media) && media > 0)
        {
            if (e.Get(headers.Mos).TryParseDouble(out double mos))
            {
                writer.JsonMember("MOS"u8, mos);
                writer.JsonMember("MEAN_MOS"u8, mos);
            }

            if (e.Get(headers.Quality).TryParseDouble(out double quality))
            {
                writer.JsonMember("QUALITY"u8, quality);
            }
        }

        if (e.Get(headers.MeanInterval).TryParseDouble(out double interval))
        {
            writer.JsonMember("DELTA"u8, interval);
        }
    }

    // The switch's report blocks contain RFC 3550 jitter; without them only its jitter estimator's variances (ms²) are available.
    private static void WriteJitter(
        ref PayloadWriter writer, scoped in FreeSwitchEvent e, MediaHeaders headers, in ReceptionState reception, uint clock)
    {
        if (reception.Blocks > 0)
        {
            double mean = RtcpMedia.Milliseconds((double)reception.JitterSum / reception.Blocks, clock);
            writer.JsonMember("JITTER"u8, mean);
            writer.JsonMember("MEAN_JITTER"u8, mean);
            writer.JsonMember("MAX_JITTER"u8, RtcpMedia.Milliseconds(reception.MaxJitter, clock));
            return;
        }

        if (e.Get(headers.MinVariance).TryParseDouble(out double least) && e.Get(headers.MaxVariance).TryParseDouble(out double most)
            && least >= 0 && most >= least)
        {
            double mean = Math.Sqrt((least + most) / 2);
            writer.JsonMember("JITTER"u8, mean);
            writer.JsonMember("MEAN_JITTER"u8, mean);
            writer.JsonMember("MAX_JITTER"u8, Math.Sqrt(most));
        }
    }

    private static void WriteCodec(ref PayloadWriter writer, scoped in FreeSwitchEvent e, uint clock)
    {
        HeaderValue name = EventText.FirstOf(e, KnownHeader.VariableRtpUseCodecName, KnownHeader.ChannelReadCodecName);
        if (!name.IsEmpty)
        {
            writer.JsonMember("CODEC_NAME"u8, name);
        }

        WriteNumber(ref writer, "CODEC_PT"u8, e.Get(KnownHeader.VariableRtpUsePt));
        if (clock != 0)
        {
            writer.JsonMember("CLOCK"u8, (long)clock);
        }

        WriteNumber(ref writer, "PTIME"u8, e.Get(KnownHeader.VariableRtpUseCodecPtime));
    }

    private static void WriteNumber(ref PayloadWriter writer, ReadOnlySpan<byte> name, HeaderValue value)
    {
        if (value.TryParseInt64(out long number))
        {
            writer.JsonMember(name, number);
        }
    }

    private sealed record MediaHeaders(
        KnownHeader Packets, KnownHeader MediaPackets, KnownHeader MediaBytes, KnownHeader Mos, KnownHeader MinVariance, KnownHeader MaxVariance,
        KnownHeader MeanInterval, KnownHeader Quality);
}
