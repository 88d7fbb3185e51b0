using HepBridge.Collector.Payloads;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;

namespace HepBridge.Fuzz.Targets;

/// <summary>Payloads as parsed by the viewer: displayed numbers are finite, texts are bounded.</summary>
internal sealed class PayloadTarget() : FuzzTarget("viewer-payload", "payloads as the viewer reads them: SIP, call logs, RTCP, QoS, registrations")
{
    private readonly Mutation[] _own = [.. TextMutations.All, JsonMutations.Change];

    public override IReadOnlyList<byte[]> Corpus { get; } = [.. Payloads().Where(payload => Read(payload).Accepted)];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input) => Read(input);

    private static Outcome Read(byte[] input)
    {
        int read = 0;
        if (SipMessage.TryParse(input, out SipMessage sip))
        {
            read |= 1;
            Rule.Holds(sip.CallId.Length > 0 && sip.CallId.Length <= input.Length);
        }

        if (CallLogLine.TryParse(input, out CallLogLine line))
        {
            read |= 2;
            Rule.Holds(line.State.Length > 0);
        }

        if (RtcpReport.TryParse(input, out RtcpReport rtcp))
        {
            read |= 4;
            Rule.Holds(rtcp.Blocks.All(block => IsNumber(block.LossPercent) && IsNumber(block.Jitter) && IsNumber(block.PacketsLost)));
        }

        if (QosReport.TryParse(input, out QosReport qos))
        {
            read |= 8;
            Rule.Holds(IsNumber(qos.Mos) && IsNumber(qos.JitterMs) && IsNumber(qos.MaxJitterMs) && IsNumber(qos.LossPercent) && IsNumber(qos.Packets) && IsNumber(qos.Lost));
        }

        read |= RegistrationLine.TryParse(input, out _) ? 16 : 0;
        return read == 0 ? Outcome.Refused("none of them") : Outcome.Taken($"{read}");
    }

    private static bool IsNumber(double? value) => value is null || double.IsFinite(value.Value);

    private static List<byte[]> Payloads()
    {
        List<byte[]> payloads = [];
        foreach (byte[] bytes in HepPackets.All)
        {
            HepDecoder.TryDecode(bytes, out HepPacket packet, out _);
            payloads.Add(packet.Payload.ToArray());
        }

        return payloads;
    }
}
