using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports.Janus;

/// <summary>
/// A Janus event as text: what happened in the first words, every field as <c>name=value</c>, an SDP on its own lines,
/// and finally <c>; janus=… session=… handle=…</c>.
/// </summary>
internal static class JanusLine
{
    private const int MaxDepth = 8;

    /// <summary>Writes everything before the Call-ID.</summary>
    public static void Write(ref PayloadWriter writer, scoped in JanusEvent e, ReportPlan plan)
    {
        WriteHead(ref writer, e);
        bool any = false;
        WriteFields(ref writer, e.Body, ref any, plan, e.Type, 0, default);
        WriteSdp(ref writer, e.Body.Find("jsep"u8).Find("sdp"u8));
        WriteSdp(ref writer, e.Data.Find("sdp"u8));
        writer.BeginTail();
        writer.Raw(";"u8);
        EventText.WriteIfPresent(ref writer, "janus"u8, e.Emitter.Text);
        EventText.WriteIfPresent(ref writer, "session"u8, new HeaderValue(e.Session, ValueEncoding.Literal));
        EventText.WriteIfPresent(ref writer, "handle"u8, new HeaderValue(e.Handle, ValueEncoding.Literal));
        EventText.WriteIfPresent(ref writer, "opaque_id"u8, e.OpaqueId.Text);
    }

    private static void WriteHead(ref PayloadWriter writer, scoped in JanusEvent e)
    {
        switch (e.Type)
        {
            case JanusEventType.Session:
                WriteWords(ref writer, "SESSION"u8, e.Body.Find("name"u8));
                break;
            case JanusEventType.Handle:
                WriteWords(ref writer, "HANDLE"u8, e.Body.Find("name"u8));
                WriteWord(ref writer, e.Body.Find("plugin"u8));
                break;
            case JanusEventType.External:
                WriteWords(ref writer, "EXTERNAL"u8, e.Body.Find("schema"u8));
                break;
            case JanusEventType.Jsep:
                WriteWords(ref writer, "JSEP"u8, e.Body.Find("owner"u8));
                WriteWord(ref writer, e.Body.Find("jsep"u8).Find("type"u8));
                break;
            case JanusEventType.WebRtc:
                WriteWebRtcHead(ref writer, e.Body);
                break;
            case JanusEventType.Media:
                WriteMediaHead(ref writer, e);
                break;
            case JanusEventType.Plugin:
                WritePluginHead(ref writer, e);
                break;
            case JanusEventType.Transport:
                WriteWords(ref writer, "TRANSPORT"u8, e.Data.Find("event"u8));
                break;
            case JanusEventType.Core:
                WriteWords(ref writer, "JANUS"u8, e.Body.Find("status"u8));
                break;
            default:
                writer.Raw("EVENT "u8);
                writer.Number((long)e.Type);
                break;
        }
    }

    private static void WriteWebRtcHead(ref PayloadWriter writer, scoped JanusValue body)
    {
        foreach (JanusValue.Member member in body.Each())
        {
            ReadOnlySpan<byte> head = WebRtcHead(member.Name);
            if (!head.IsEmpty)
            {
                WriteWords(ref writer, head, member.Value);
                return;
            }
        }

        writer.Raw("WEBRTC"u8);
    }

    private static ReadOnlySpan<byte> WebRtcHead(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("ice"u8) ? "ICE"u8
        : name.SequenceEqual("local-candidate"u8) ? "ICE local candidate"u8
        : name.SequenceEqual("remote-candidate"u8) ? "ICE remote candidate"u8
        : name.SequenceEqual("selected-pair"u8) ? "ICE selected pair"u8
        : name.SequenceEqual("dtls"u8) ? "DTLS"u8
        : name.SequenceEqual("connection"u8) ? "WEBRTC"u8
        : default;

    private static void WriteMediaHead(ref PayloadWriter writer, scoped in JanusEvent e)
    {
        WriteWords(ref writer, "MEDIA"u8, e.Body.Find("media"u8));
        JanusValue receiving = e.Body.Find("receiving"u8);
        if (!receiving.IsEmpty)
        {
            writer.Raw(receiving.Json.SequenceEqual("true"u8) ? " receiving"u8 : " not receiving"u8);
            return;
        }

        JanusValue slow = e.Body.Find("slow_link"u8);
        if (!slow.IsEmpty)
        {
            writer.Raw(" slow"u8);
            WriteWord(ref writer, slow);
        }
        else if (e.IsStatistics)
        {
            writer.Raw(" statistics"u8);
        }
    }

    // "SIP hangup": the plugin without janus.plugin., and its name for the event.
    private static void WritePluginHead(ref PayloadWriter writer, scoped in JanusEvent e)
    {
        ReadOnlySpan<byte> plugin = e.Body.Find("plugin"u8).Text.Raw;
        ReadOnlySpan<byte> name = plugin[(plugin.LastIndexOf((byte)'.') + 1)..];
        if (name.IsEmpty)
        {
            writer.Raw("PLUGIN"u8);
        }

        foreach (byte c in name)
        {
            writer.Raw(char.IsAsciiLetterOrDigit((char)c) ? (byte)char.ToUpperInvariant((char)c) : (byte)'_');
        }

        WriteWord(ref writer, e.Data.Find("event"u8));
    }

    private static void WriteWords(ref PayloadWriter writer, scoped ReadOnlySpan<byte> head, scoped JanusValue value)
    {
        writer.Raw(head);
        WriteWord(ref writer, value);
    }

    private static void WriteWord(ref PayloadWriter writer, scoped JanusValue value)
    {
        if (!value.IsEmpty)
        {
            writer.Raw((byte)' ');
            writer.Text(value.Text, LinePlace.Within);
        }
    }

    // "; " before the first, a space before the others; a member of an object as object.member.
    private static void WriteFields(
        ref PayloadWriter writer, scoped JanusValue value, ref bool any, ReportPlan plan, JanusEventType type, int depth, scoped ReadOnlySpan<byte> outer)
    {
        foreach (JanusValue.Member member in value.Each())
        {
            if (plan.Hides(member.Name))
            {
                continue;
            }

            bool isData = depth == 0 && type is JanusEventType.Plugin or JanusEventType.Transport && member.Name.SequenceEqual("data"u8);
            if ((isData || depth < MaxDepth) && member.Value.IsObject)
            {
                WriteFields(ref writer, member.Value, ref any, plan, type, depth + 1, isData ? default : member.Name);
            }
            else if (!IsInHead(type, member.Name, depth) && !member.Name.SequenceEqual("sdp"u8))
            {
                writer.Raw(any ? " "u8 : "; "u8);
                any = true;
                if (!outer.IsEmpty)
                {
                    writer.Name(outer);
                    writer.Raw((byte)'.');
                }

                writer.Name(member.Name);
                writer.Raw((byte)'=');
                writer.Text(member.Value.Text, LinePlace.Named);
            }
        }
    }

    private static bool IsInHead(JanusEventType type, ReadOnlySpan<byte> name, int depth) => (type, depth) switch
    {
        (JanusEventType.Session, 0) => name.SequenceEqual("name"u8),
        (JanusEventType.Handle, 0) => name.SequenceEqual("name"u8) || name.SequenceEqual("plugin"u8) || name.SequenceEqual("opaque_id"u8),
        (JanusEventType.External, 0) => name.SequenceEqual("schema"u8),
        (JanusEventType.Jsep, 0) => name.SequenceEqual("owner"u8),
        (JanusEventType.Jsep, 1) => name.SequenceEqual("type"u8),
        (JanusEventType.WebRtc, 0) => !WebRtcHead(name).IsEmpty,
        (JanusEventType.Media, 0) => name.SequenceEqual("media"u8) || name.SequenceEqual("receiving"u8) || name.SequenceEqual("slow_link"u8),
        (JanusEventType.Plugin, 0) => name.SequenceEqual("plugin"u8),
        (JanusEventType.Plugin, 1) => name.SequenceEqual("event"u8) || name.SequenceEqual("call-id"u8),
        (JanusEventType.Transport, 1) => name.SequenceEqual("event"u8),
        (JanusEventType.Core, 0) => name.SequenceEqual("status"u8),
        _ => false,
    };

    // Keeps the SDP's lines, so that it is readable and each line is masked separately.
    private static void WriteSdp(ref PayloadWriter writer, scoped JanusValue sdp)
    {
        ReadOnlySpan<byte> rest = sdp.IsString ? sdp.Text.Raw : default;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf("\\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 2)..];
            line = line.EndsWith("\\r"u8) ? line[..^2] : line;
            if (!line.IsEmpty)
            {
                writer.Raw((byte)'\n');
                writer.Text(new HeaderValue(line, ValueEncoding.JsonString), LinePlace.Log);
            }
        }
    }
}
