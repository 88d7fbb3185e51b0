namespace HepBridge.Reports.Janus;

/// <summary>
/// Janus's statistics of one medium as quality reports, one per direction: what Janus receives (<c>lost</c>,
/// <c>jitter-local</c>), and what the browser reports about the stream sent to it (<c>lost-by-remote</c>,
/// <c>jitter-remote</c>). Both jitters are in milliseconds (janus_rtcp_context_get_jitter).
/// </summary>
internal static class JanusQuality
{
    public static void Write(ref PayloadWriter writer, scoped in ReportContext context, scoped in ReadyPayload payload)
    {
        JanusEvent e = new(payload.Payload);
        bool isReceived = payload.Form == PayloadForm.JanusReceived;
        writer.Raw((byte)'{');
        writer.JsonMember("CORRELATION_ID"u8, context.CorrelationId);
        writer.JsonMember("RTP_SIP_CALL_ID"u8, context.CorrelationId);
        writer.MemberName("REPORT_TS"u8);
        TimeText.WriteSeconds(ref writer, context.Time);
        writer.JsonMember("TYPE"u8, "PERIODIC"u8);
        writer.JsonMember("REPORT_NAME"u8, isReceived ? "from browser"u8 : "to browser"u8);
        if (!payload.Source.IsUnspecified && payload.SourcePort != 0)
        {
            writer.JsonMember("SRC_IP"u8, payload.Source);
            writer.JsonMember("SRC_PORT"u8, (long)payload.SourcePort);
            writer.JsonMember("DST_IP"u8, payload.Destination);
            writer.JsonMember("DST_PORT"u8, (long)payload.DestinationPort);
        }

        WriteText(ref writer, "MEDIA"u8, e.Body.Find("media"u8));
        WriteText(ref writer, "MID"u8, e.Body.Find("mid"u8));
        WriteText(ref writer, "CODEC_NAME"u8, e.Body.Find("codec"u8));
        WriteNumber(ref writer, "CLOCK"u8, e.Body.Find("base"u8));
        bool isCounted = Packets(e, isReceived).TryGetInt64(out long packets);
        if (isCounted)
        {
            writer.JsonMember("TOTAL_PK"u8, packets);
        }

        WriteNumber(ref writer, "TL_BYTE"u8, e.Body.Find(isReceived ? "bytes-received"u8 : "bytes-sent"u8));
        if (e.Body.Find(isReceived ? "lost"u8 : "lost-by-remote"u8).TryGetInt64(out long lost))
        {
            writer.JsonMember("PACKET_LOSS"u8, lost);
            if (isCounted)
            {
                // Expected packets: those sent, or those received plus those missing.
                writer.JsonMember("EXPECTED_PK"u8, isReceived ? packets + Math.Clamp(lost, 0, uint.MaxValue) : packets);
            }
        }

        WriteNumber(ref writer, "JITTER"u8, e.Body.Find(isReceived ? "jitter-local"u8 : "jitter-remote"u8));
        WriteNumber(ref writer, "RTT"u8, e.Body.Find("rtt"u8));
        if (e.Body.Find(isReceived ? "in-media-link-quality"u8 : "out-media-link-quality"u8).TryGetInt64(out long quality) && quality > 0)
        {
            // Janus also writes 0 before the first RTCP.
            writer.JsonMember("QUALITY"u8, quality);
        }

        WriteNumber(ref writer, "NACKS"u8, e.Body.Find(isReceived ? "nacks-sent"u8 : "nacks-received"u8));
        if (isReceived)
        {
            WriteNumber(ref writer, "RETRANSMISSIONS"u8, e.Body.Find("retransmissions-received"u8));
        }

        WriteText(ref writer, "JANUS"u8, e.Emitter);
        writer.JsonMember("SESSION"u8, e.Session);
        writer.JsonMember("HANDLE"u8, e.Handle);
        writer.Raw((byte)'}');
    }

    public static JanusValue Packets(scoped in JanusEvent e, bool isReceived) => e.Body.Find(isReceived ? "packets-received"u8 : "packets-sent"u8);

    private static void WriteText(ref PayloadWriter writer, scoped ReadOnlySpan<byte> name, scoped JanusValue value)
    {
        if (!value.IsEmpty)
        {
            writer.JsonMember(name, value.Text);
        }
    }

    private static void WriteNumber(ref PayloadWriter writer, scoped ReadOnlySpan<byte> name, scoped JanusValue value)
    {
        if (value.TryGetInt64(out long number))
        {
            writer.JsonMember(name, number);
        }
    }
}
