using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Reports.Janus;

namespace HepBridge.Reports;

/// <summary>How to write a ready payload.</summary>
internal enum PayloadForm : byte
{
    /// <summary>UTF-8 text: repaired, followed by Call-ID, UUID and time, truncated before that tail if too long.</summary>
    Text,

    /// <summary>Strict JSON: sent unchanged; dropped and counted if too long.</summary>
    Json,

    /// <summary>A message of another protocol, such as SIP: sent unchanged; truncated if too long.</summary>
    Message,

    /// <summary>An event of Janus as its JSON: written as a line of text.</summary>
    JanusLine,

    /// <summary>Media statistics of Janus as its JSON: written as the quality report of the stream that it receives.</summary>
    JanusReceived,

    /// <summary>The same, of the stream that it sends.</summary>
    JanusSent,
}

/// <summary>A payload built by an input, for one call: a line of a log file, a SIP message, a statistics report.</summary>
internal readonly ref struct ReadyPayload
{
    public HepPayloadType Type { get; init; }

    public PacketKind Kind { get; init; }

    public PayloadForm Form { get; init; }

    /// <summary>Its Call-ID; empty: that of the channel <see cref="ChannelUuid"/>.</summary>
    public ReadOnlySpan<byte> CallId { get; init; }

    /// <summary>Unique-ID of a FreeSWITCH channel. Held until the channel's Call-ID is known.</summary>
    public ReadOnlySpan<byte> ChannelUuid { get; init; }

    /// <summary>When it happened, since 1970; 0: now.</summary>
    public long UnixMicroseconds { get; init; }

    /// <summary>Unspecified: both ends are <c>agent_address</c>, else the channel's signaling address, else its switch's, else 127.0.0.1.</summary>
    public HepAddress Source { get; init; }

    public ushort SourcePort { get; init; }

    public HepAddress Destination { get; init; }

    public ushort DestinationPort { get; init; }

    /// <summary>Transport protocol of a message: 6 TCP; 0: UDP.</summary>
    public byte Protocol { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Written after a text, and kept if that is truncated: "; tag=… host=…".</summary>
    public ReadOnlySpan<byte> Tail { get; init; }

    /// <summary>Size of a snapshot in bytes.</summary>
    public int SnapshotLength => Unsafe.SizeOf<Head>() + Payload.Length + Tail.Length;

    /// <summary>Copies everything but Call-ID and UUID.</summary>
    public void WriteSnapshot(Span<byte> snapshot)
    {
        Head head = new()
        {
            Source = Source,
            Destination = Destination,
            UnixMicroseconds = UnixMicroseconds,
            PayloadLength = Payload.Length,
            SourcePort = SourcePort,
            DestinationPort = DestinationPort,
            Type = Type,
            Kind = Kind,
            Form = Form,
            Protocol = Protocol,
        };
        MemoryMarshal.Write(snapshot, head);
        Span<byte> rest = snapshot[Unsafe.SizeOf<Head>()..];
        Payload.CopyTo(rest);
        Tail.CopyTo(rest[Payload.Length..]);
    }

    /// <summary>Reads a snapshot; the result refers to its bytes.</summary>
    public static ReadyPayload ReadSnapshot(ReadOnlySpan<byte> snapshot)
    {
        Head head = MemoryMarshal.Read<Head>(snapshot);
        ReadOnlySpan<byte> rest = snapshot[Unsafe.SizeOf<Head>()..];
        return new ReadyPayload
        {
            Type = head.Type,
            Kind = head.Kind,
            Form = head.Form,
            Protocol = head.Protocol,
            UnixMicroseconds = head.UnixMicroseconds,
            Source = head.Source,
            SourcePort = head.SourcePort,
            Destination = head.Destination,
            DestinationPort = head.DestinationPort,
            Payload = rest[..head.PayloadLength],
            Tail = rest[head.PayloadLength..],
        };
    }

    private struct Head
    {
        public HepAddress Source;
        public HepAddress Destination;
        public long UnixMicroseconds;
        public int PayloadLength;
        public ushort SourcePort;
        public ushort DestinationPort;
        public HepPayloadType Type;
        public PacketKind Kind;
        public PayloadForm Form;
        public byte Protocol;
    }
}

/// <summary>Sends payloads built by inputs.</summary>
internal static class ReadyReport
{
    private static readonly HepAddress _loopback = HepAddress.FromIPv4(0x7f000001);

    public static void Write(scoped in ReadyPayload payload, scoped in ReportContext context, PacketSink sink)
    {
        HepAddress own = context.LogAddress.IsUnspecified ? _loopback : context.LogAddress;
        (HepAddress source, HepAddress destination) = payload.Source.IsUnspecified && payload.Destination.IsUnspecified
            ? (own, own)
            : (payload.Source, payload.Destination);
        PacketHead head = new(
            payload.Type, payload.Kind, payload.Form is PayloadForm.Json or PayloadForm.JanusReceived or PayloadForm.JanusSent,
            source, payload.SourcePort, destination, payload.DestinationPort)
        {
            Protocol = payload.Protocol == 0 ? (byte)17 : payload.Protocol,
        };
        sink.Write(default, context, head, payload, WritePayload);
    }

    private static void WritePayload(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in ReadyPayload payload)
    {
        switch (payload.Form)
        {
            case PayloadForm.Json or PayloadForm.Message:
                writer.Whole(payload.Payload);
                return;
            case PayloadForm.JanusReceived or PayloadForm.JanusSent:
                JanusQuality.Write(ref writer, context, payload);
                return;
            case PayloadForm.JanusLine:
                JanusLine.Write(ref writer, new JanusEvent(payload.Payload), context.Plan);
                break;
            default:
                writer.Text(payload.Payload.TrimEnd("\r\n"u8), LinePlace.Log);
                writer.BeginTail();
                writer.Whole(payload.Tail);
                break;
        }

        EventText.WriteCall(ref writer, context);
        EventText.WriteTime(ref writer, context);
    }
}
