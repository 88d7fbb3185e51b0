using System.Globalization;
using System.Text;
using HepBridge.Collector.Payloads;
using HepBridge.Collector.Store;
using HepBridge.Hep;

namespace HepBridge.Collector.Web;

/// <summary>Describes calls and packets for the page.</summary>
internal static class CallRows
{
    private const int MaxTitle = 120;

    public static CallRow From(Call call)
    {
        Leg caller = call.Caller;
        // The far end is that of the last answered leg, else of the last leg tried.
        Leg reached = call.Legs.LastOrDefault(static l => l.AnsweredAt is not null && l.Hosts is not null) ?? call.Legs[^1];
        return new CallRow(
            call.Id, call.Version, Word(call.Kind), call.First, call.Last, caller.From, caller.To, Word(call.State), call.Cause,
            Since(caller, caller.RingingAt), Since(caller, caller.AnsweredAt), call.Duration, call.Mos, call.LossPercent, Word(call.Level),
            caller.Hosts?.Source.ToString() ?? string.Empty, reached.Hosts?.Destination.ToString() ?? string.Empty, caller.SwitchName,
            call.Legs.Sum(static l => l.Packets.Count), call.Legs.Select(From).ToList());
    }

    public static LegRow From(Leg leg) => new(
        leg.Id, leg.CallId, leg.Uuids.All.ToArray(), leg.First, leg.Last, leg.From, leg.To, Word(leg.State), leg.Cause,
        Since(leg, leg.RingingAt), Since(leg, leg.AnsweredAt), leg.Duration, leg.Mos, leg.LossPercent, Word(leg.Level),
        leg.Hosts?.Source.ToString() ?? string.Empty, leg.Hosts?.Destination.ToString() ?? string.Empty, leg.SwitchName, leg.Node, leg.Packets.Count);

    public static PacketRow From(long leg, StoredPacket stored, int? stream, Func<double, double> milliseconds)
    {
        HepDecoder.TryDecode(stored.Bytes, out HepPacket packet, out _);
        (string kind, string title, string detail, bool alert) = Describe(packet, milliseconds);
        return new PacketRow(
            leg, stored.Number, stored.Time, stored.TimeIsArrival, kind,
            Leg.HostName(packet.Source), packet.SourcePort, Leg.HostName(packet.Destination), packet.DestinationPort,
            Line(title), Line(detail), alert, stream, packet.Payload.Length);
    }

    public static PacketBody Body(StoredPacket stored)
    {
        HepDecoder.TryDecode(stored.Bytes, out HepPacket packet, out _);
        return new PacketBody(
            stored.Time, stored.TimeIsArrival, (int)packet.PayloadType, packet.Protocol,
            Leg.HostName(packet.Source), packet.SourcePort, Leg.HostName(packet.Destination), packet.DestinationPort,
            packet.CaptureId, Encoding.UTF8.GetString(packet.NodeName), Encoding.UTF8.GetString(packet.CorrelationId), Encoding.UTF8.GetString(packet.Payload));
    }

    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static long? Since(Leg leg, long? time) => time is long at ? Math.Max(0, at - (leg.StartedAt ?? leg.First)) : null;

    private static (string Kind, string Title, string Detail, bool Alert) Describe(in HepPacket packet, Func<double, double> milliseconds)
    {
        switch (packet.PayloadType)
        {
            case HepPayloadType.Sip when SipMessage.TryParse(packet.Payload, out SipMessage sip):
                bool sdp = packet.Payload.IndexOf("\r\nv=0\r\n"u8) >= 0;
                return ("sip", sip.IsRequest ? sip.Method : $"{sip.Status} {sip.Reason}", Join(sip.IsRequest || sip.Method == "INVITE" ? string.Empty : sip.Method, sdp ? "SDP" : string.Empty),
                    sip.Status >= 400 && sip.Status is not (401 or 407 or 487 or 491));
            case HepPayloadType.Log when CallLogLine.TryParse(packet.Payload, out CallLogLine line):
                return line.State == "DTMF"
                    ? ("dtmf", "DTMF " + Digit(line.Detail), string.Empty, false)
                    : ("event", line.State, line.Detail, false);
            case HepPayloadType.Rtcp when RtcpReport.TryParse(packet.Payload, out RtcpReport rtcp):
                double? loss = rtcp.Blocks.Max(b => b.LossPercent);
                double? jitter = rtcp.Blocks.Max(b => b.Jitter);
                string type = rtcp.PacketType switch { 200 => "RTCP SR", 201 => "RTCP RR", _ => "RTCP" };
                return ("rtcp", type, Join(Figure("loss ", loss, " %"), Figure("jitter ", MediaQuality.Jitter(jitter is double raw ? milliseconds(raw) : null), " ms")), loss >= MediaQuality.BadLossPercent);
            case HepPayloadType.MosFull or HepPayloadType.MosShort or HepPayloadType.Report when QosReport.TryParse(packet.Payload, out QosReport qos):
                return ("qos", "QoS report", Join(Figure("MOS ", qos.Mos, string.Empty), Figure("loss ", qos.LossPercent, " %"), Figure("jitter ", qos.JitterMs, " ms")),
                    MediaQuality.Level(qos.Mos, qos.LossPercent) == QualityLevel.Bad);
            case HepPayloadType.Log:
                // The page already shows it elsewhere; only the text before it is new.
                int tail = packet.Payload.LastIndexOf("; callid="u8);
                return ("log", LineText.Unescape(FirstLine(tail > 0 ? packet.Payload[..tail] : packet.Payload)), string.Empty, false);
            default:
                return ("other", $"Type {(int)packet.PayloadType}", FirstLine(packet.Payload), false);
        }
    }

    private static string Digit(string detail)
    {
        string digit = detail.Split(' ', ';').FirstOrDefault(w => w.StartsWith("digit=", StringComparison.Ordinal), "digit=");
        return digit["digit=".Length..];
    }

    private static string FirstLine(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> text = payload.TrimStart(" \t\r\n"u8);
        int end = text.IndexOfAny("\r\n"u8);
        text = end < 0 ? text : text[..end];
        return Encoding.UTF8.GetString(text.Length > 4 * MaxTitle ? text[..(4 * MaxTitle)] : text);
    }

    public static string Figure(string name, double? value, string unit) =>
        value is double number ? name + number.ToString("0.##", CultureInfo.InvariantCulture) + unit : string.Empty;

    private static string Join(params ReadOnlySpan<string> parts)
    {
        StringBuilder joined = new();
        foreach (string part in parts)
        {
            joined.Append(joined.Length > 0 && part.Length > 0 ? " · " : string.Empty).Append(part);
        }

        return joined.ToString();
    }

    private static string Line(string text) => text.Length > MaxTitle ? string.Concat(text.AsSpan(0, MaxTitle), "…") : text;
}
