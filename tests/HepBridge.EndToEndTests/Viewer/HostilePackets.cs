using System.Text;
using HepBridge.Collector.Web;
using HepBridge.Hep;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>Packets from an attacker who wants to run a script in the page, break it, or flood it.</summary>
internal static class HostilePackets
{
    public const string Script = "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=1;alert(1)</script>\"'`{{7*7}}";

    public static byte[] Event(string text, string callId, uint? second = null) => Make(HepPayloadType.Log, text, callId, second: second);

    public static byte[] Rtcp(string callId) => Make(
        HepPayloadType.Rtcp,
        """{"type":200,"ssrc":1,"report_count":1,"sender_information":{"ntp_timestamp_sec":1,"ntp_timestamp_usec":1,"rtp_timestamp":1,"packets":1,"octets":1},"report_blocks":[{"source_ssrc":2,"fraction_lost":1,"packets_lost":1,"highest_seq_no":1,"ia_jitter":1,"lsr":1,"dlsr":1}]}""",
        callId);

    public static IEnumerable<byte[]> All()
    {
        string huge = new('9', 50_000);
        yield return Make(HepPayloadType.Sip, $"INVITE sip:{Script} SIP/2.0\r\nFrom: <sip:{Script}@h>\r\nTo: {Script}\r\nCall-ID: {Script}\r\nCSeq: 1 {Script}\r\nUser-Agent: {Script}\r\n\r\n", string.Empty);
        yield return Make(HepPayloadType.Sip, $"SIP/2.0 486 {Script}\r\nCall-ID: {Script}\r\nCSeq: 1 INVITE\r\n\r\n", string.Empty);
        yield return Event($"CREATE {Script} → {Script}; {Script}; callid={Script} uuid={Script} other={Script}", Script);
        yield return Event(Script, Script);
        yield return Make(HepPayloadType.Rtcp, $$"""{"type":200,"report_blocks":[{"source_ssrc":"<script>window.pwned=1</script>","fraction_lost":255,"ia_jitter":4294967295,"lsr":1,"dlsr":1}]}""", Script);
        yield return Make(HepPayloadType.MosShort, """{"MOS":1.0,"CODEC_NAME":"<script>window.pwned=1</script>","PACKET_LOSS":1e300,"TOTAL_PK":1e-300,"JITTER":1e14}""", Script);
        yield return Make((HepPayloadType)200, Script, Script);

        yield return Event($"CREATE {huge} → {huge}; callid=huge", "huge");
        yield return Make(HepPayloadType.Rtcp, $$"""{"type":{{huge}},"report_blocks":[{"fraction_lost":{{huge}},"ia_jitter":{{huge[..300]}}}]}""", "huge");
        yield return Make(HepPayloadType.Rtcp, "{\"report_blocks\":" + string.Concat(Enumerable.Repeat("[", 20_000)), "huge");
        yield return Make(HepPayloadType.MosShort, "{\"MOS\":", "huge");
        yield return Make(HepPayloadType.Log, "\u202e\u0000\u0007\u001b[31m\ufeff" + string.Concat(Enumerable.Repeat("Z\u0351\u0352\u0353", 3000)), "huge");
        for (int i = 0; i < 40; i++)
        {
            yield return Make(HepPayloadType.Sip, $"OPTIONS sip:x SIP/2.0\r\nCall-ID: many-hosts\r\nCSeq: 1 OPTIONS\r\n\r\n", string.Empty, HepAddress.FromIPv4(0xc6336400 + (uint)i));
        }
    }

    private static byte[] Make(HepPayloadType type, string payload, string callId, HepAddress? source = null, uint? second = null)
    {
        byte[] name = Encoding.UTF8.GetBytes(callId);
        HepPacket packet = new()
        {
            Source = source ?? HepAddress.FromIPv4(0xc0000201),
            Destination = HepAddress.FromIPv4(0xc0000202),
            Seconds = second ?? uint.MaxValue,
            Microseconds = second is null ? uint.MaxValue : 0,
            PayloadType = type,
            CaptureId = uint.MaxValue,
            CorrelationId = name.AsSpan(0, Math.Min(name.Length, 250)),
            NodeName = Encoding.UTF8.GetBytes(Script),
            Payload = Encoding.UTF8.GetBytes(payload),
        };
        byte[] bytes = new byte[HepEncoder.MaxPacketLength];
        if (!HepEncoder.TryEncode(packet, bytes, out int length))
        {
            packet.Payload = packet.Payload[..60_000];
            Assert.True(HepEncoder.TryEncode(packet, bytes, out length));
        }

        return bytes[..length];
    }
}

/// <summary>An agent whose names all contain scripts.</summary>
internal sealed class HostileStatus : IStatusSource
{
    public AgentStatus Read() => new(
        HostilePackets.Script, DateTimeOffset.MaxValue, HostilePackets.Script, double.MaxValue, 0, 1, long.MaxValue, long.MinValue,
        [new InputStatus(HostilePackets.Script, HostilePackets.Script, false, 1, 1, HostilePackets.Script)],
        [new OutputStatus(HostilePackets.Script, HostilePackets.Script, true, 1, 1, 1, 1, 1, 0, 1, 1, 1, HostilePackets.Script)],
        [new DropStatus(HostilePackets.Script, HostilePackets.Script, 1, HostilePackets.Script)],
        [new PeerStatus(HostilePackets.Script, HostilePackets.Script, true, DateTimeOffset.MinValue, 1, TimeSpan.MinValue)],
        [new RegistrationStatus(HostilePackets.Script, HostilePackets.Script, HostilePackets.Script, HostilePackets.Script, null, null)]);
}
