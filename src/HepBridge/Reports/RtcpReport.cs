using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>
/// RECV_RTCP_MESSAGE and SEND_RTCP_MESSAGE as the RTCP JSON (HEP type 5) that other HEP agents send: decimal SSRCs, raw NTP words, cumulative counts,
/// every report block, in the direction on the wire (switch_core_media.c, switch_rtp.c; RFC 3550, 6.4).
/// </summary>
internal sealed class RtcpReport(PipelineCounters counters) : IReport
{
    private const int SenderReport = 200;
    private const int ReceiverReport = 201;
    private const int MaxBlocks = 31;
    private const int UnknownLoss = int.MinValue;

    public static EventSelection Select(ReportOptions options) => options.RtcpEvents ? new EventSelection(EventKind.RecvRtcp, EventKind.SendRtcp) : EventSelection.None;

    public bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink)
    {
        if (context.Leg is not { } leg)
        {
            // An application's own event of this name, without a channel.
            return false;
        }

        bool isSend = e.Kind == EventKind.SendRtcp;
        bool isVideo = RtcpMedia.IsVideo(leg, e, out bool unsure);
        if (unsure)
        {
            counters.RtcpMediaUnsure++;
        }

        ref MediaPath path = ref isVideo ? ref leg.Video : ref leg.Audio;
        RtcpMessage message = Read(e, leg, path, isSend, isVideo);
        (HepAddress source, ushort sourcePort, HepAddress destination, ushort destinationPort) = Endpoints(leg, path, isVideo, isSend);
        if (!path.IsComplete)
        {
            counters.RtcpNoAddress++;
            if (path.IsUnknown)
            {
                source = destination = context.LogAddress;
            }
        }

        bool delta = context.Plan.Options.RtcpLoss == RtcpLoss.Delta;
        Span<int> losses = stackalloc int[MaxBlocks];
        ReadLosses(e, leg, path, isSend, message.Blocks, delta, losses);

        PacketHead head = new(HepPayloadType.Rtcp, PacketKind.Rtcp, true, source, sourcePort, destination, destinationPort);
        sink.Write(e, context, head, new Payload(message, path, losses), WriteJson);
        return true;
    }

    private static RtcpMessage Read(scoped in FreeSwitchEvent e, Leg leg, in MediaPath path, bool isSend, bool isVideo)
    {
        e.Get(KnownHeader.Ssrc).TryParseHex32(out uint ssrc);
        e.Get(KnownHeader.NtpMostSignificantWord).TryParseUInt32(out uint ntpHigh);
        e.Get(KnownHeader.NtpLeastSignificantWord).TryParseUInt32(out uint ntpLow);
        bool hasSender = (ntpHigh | ntpLow) != 0;
        RtcpMessage message = new() { IsSend = isSend, NtpHigh = ntpHigh, NtpLow = ntpLow, HasSender = hasSender };
        if (isSend)
        {
            // The event names the remote party here; the switch's own SSRC is known from the channel, or from the peer's report blocks.
            message.Type = SenderReport;
            message.Ssrc = path.LocalSsrc;
            message.Blocks = e.Has(KnownHeader.SourceSsrc) ? 1 : 0;
        }
        else
        {
            message.Type = hasSender && leg.Rtcp.IsNewSenderReport(isVideo, ssrc, ntpHigh, ntpLow) ? SenderReport : ReceiverReport;
            message.Ssrc = ssrc != 0 ? ssrc : path.RemoteSsrc;
            message.Blocks = CountBlocks(e);
        }

        return message;
    }

    private static int CountBlocks(scoped in FreeSwitchEvent e)
    {
        if (!e.Has(KnownHeader.Source0Ssrc))
        {
            return 0;
        }

        if (!e.Has(KnownHeader.Source1Ssrc))
        {
            return 1;
        }

        Span<byte> name = stackalloc byte[64];
        int blocks = 2;
        while (blocks < MaxBlocks && e.Find(BlockHeader(name, blocks, "SSRC"u8)).IsPresent)
        {
            blocks++;
        }

        return blocks;
    }

    private static (HepAddress, ushort, HepAddress, ushort) Endpoints(Leg leg, in MediaPath path, bool isVideo, bool isSend)
    {
        (ushort local, ushort remote) = isVideo
            ? path.RtcpPorts(leg.LocalSdp.Video, leg.RemoteSdp.Video, isSend)
            : path.RtcpPorts(leg.LocalSdp.Audio, leg.RemoteSdp.Audio, isSend);
        return isSend ? (path.Local, local, path.Remote, remote) : (path.Remote, remote, path.Local, local);
    }

    private static void ReadLosses(scoped in FreeSwitchEvent e, Leg leg, in MediaPath path, bool isSend, int blocks, bool delta, Span<int> losses)
    {
        Span<byte> name = stackalloc byte[64];
        for (int i = 0; i < blocks; i++)
        {
            // A signed number printed as unsigned (switch_rtcp_frame.h).
            losses[i] = !RtcpMedia.TryParseLost(Block(e, isSend, i, KnownHeader.SourceLost, KnownHeader.Source0Lost, "Lost"u8, name), out int lost) ? UnknownLoss
                : delta ? leg.Rtcp.LossSince(isSend, BlockSsrc(e, isSend, i, path, name), lost)
                : lost;
        }
    }

    private static void WriteJson(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in Payload payload)
    {
        ref readonly RtcpMessage message = ref payload.Message;
        ref readonly MediaPath path = ref payload.Path;
        writer.Raw("{\"type\":"u8);
        writer.Number((uint)message.Type);
        if (message.Ssrc != 0)
        {
            writer.Raw(",\"ssrc\":"u8);
            writer.Number(message.Ssrc);
        }

        writer.Raw(",\"report_count\":"u8);
        writer.Number((uint)message.Blocks);
        if (message.HasSender)
        {
            writer.Raw(",\"sender_information\":{\"ntp_timestamp_sec\":"u8);
            writer.Number(message.NtpHigh);
            writer.Raw(",\"ntp_timestamp_usec\":"u8);
            writer.Number(message.NtpLow);
            WriteNumber(ref writer, ",\"rtp_timestamp\":"u8, e.Get(KnownHeader.RtpTimestamp));
            WriteNumber(ref writer, ",\"packets\":"u8, e.Get(KnownHeader.SenderPacketCount));
            WriteNumber(ref writer, ",\"octets\":"u8, e.Get(KnownHeader.SenderOctetCount));
            writer.Raw((byte)'}');
        }

        writer.Raw(",\"report_blocks\":["u8);
        Span<byte> name = stackalloc byte[64];
        bool isSend = message.IsSend;
        for (int i = 0; i < message.Blocks; i++)
        {
            writer.Raw(i == 0 ? "{\"source_ssrc\":"u8 : ",{\"source_ssrc\":"u8);
            writer.Number(BlockSsrc(e, isSend, i, path, name));
            WriteNumber(ref writer, ",\"fraction_lost\":"u8, Block(e, isSend, i, KnownHeader.SourceFraction, KnownHeader.Source0Fraction, "Fraction"u8, name));
            if (payload.Losses[i] != UnknownLoss)
            {
                writer.Raw(",\"packets_lost\":"u8);
                writer.Number((long)payload.Losses[i]);
            }

            WriteNumber(
                ref writer,
                ",\"highest_seq_no\":"u8,
                Block(e, isSend, i, KnownHeader.SourceHighestSequenceNumberReceived, KnownHeader.Source0HighestSequenceNumberReceived, "Highest-Sequence-Number-Received"u8, name));
            WriteJitter(ref writer, Block(e, isSend, i, KnownHeader.SourceJitter, KnownHeader.Source0Jitter, "Jitter"u8, name), path.Clock, context.Plan.Options.RtcpJitter);
            WriteNumber(ref writer, ",\"lsr\":"u8, Block(e, isSend, i, KnownHeader.SourceLsr, KnownHeader.Source0Lsr, "LSR"u8, name));
            WriteNumber(ref writer, ",\"dlsr\":"u8, Block(e, isSend, i, KnownHeader.SourceDlsr, KnownHeader.Source0Dlsr, "DLSR"u8, name));
            writer.Raw((byte)'}');
        }

        writer.Raw("]}"u8);
    }

    private static void WriteNumber(ref PayloadWriter writer, ReadOnlySpan<byte> member, HeaderValue value)
    {
        if (value.TryParseUInt32(out uint number))
        {
            writer.Raw(member);
            writer.Number(number);
        }
    }

    private static void WriteJitter(ref PayloadWriter writer, HeaderValue value, uint clock, RtcpJitter unit)
    {
        if (!value.TryParseUInt32(out uint jitter))
        {
            return;
        }

        writer.Raw(",\"ia_jitter\":"u8);
        if (unit == RtcpJitter.Milliseconds)
        {
            writer.Number(RtcpMedia.Milliseconds(jitter, clock));
        }
        else
        {
            writer.Number(jitter);
        }
    }

    private static HeaderValue Block(
        scoped in FreeSwitchEvent e, bool isSend, int index, KnownHeader ofSend, KnownHeader ofFirst, scoped ReadOnlySpan<byte> suffix, scoped Span<byte> name) =>
        isSend ? e.Get(ofSend)
        : index == 0 ? e.Get(ofFirst)
        : e.Find(BlockHeader(name, index, suffix));

    // SEND events contain 00000000 until the peer has sent RTCP; on the wire it is the SSRC of the peer's RTP, which the event has elsewhere.
    private static uint BlockSsrc(scoped in FreeSwitchEvent e, bool isSend, int index, in MediaPath path, scoped Span<byte> name)
    {
        Block(e, isSend, index, KnownHeader.SourceSsrc, KnownHeader.Source0Ssrc, "SSRC"u8, name).TryParseHex32(out uint ssrc);
        if (ssrc == 0 && isSend)
        {
            e.Get(KnownHeader.Ssrc).TryParseHex32(out ssrc);
        }

        return ssrc == 0 && isSend ? path.RemoteSsrc : ssrc;
    }

    private static ReadOnlySpan<byte> BlockHeader(Span<byte> name, int index, ReadOnlySpan<byte> suffix)
    {
        "Source"u8.CopyTo(name);
        System.Buffers.Text.Utf8Formatter.TryFormat(index, name[6..], out int digits);
        name[6 + digits] = (byte)'-';
        suffix.CopyTo(name[(7 + digits)..]);
        return name[..(7 + digits + suffix.Length)];
    }

    private readonly ref struct Payload(in RtcpMessage message, in MediaPath path, ReadOnlySpan<int> losses)
    {
        public readonly RtcpMessage Message = message;
        public readonly MediaPath Path = path;
        public readonly ReadOnlySpan<int> Losses = losses;
    }

    private struct RtcpMessage
    {
        public int Type;
        public uint Ssrc;
        public uint NtpHigh;
        public uint NtpLow;
        public int Blocks;
        public bool HasSender;
        public bool IsSend;
    }
}
