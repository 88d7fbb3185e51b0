using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Reports;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Sip;

/// <summary>SIP and events of invented calls, in any order and at any time, through a pipeline that joins legs.</summary>
internal sealed class SipScript
{
    private int _cseq;

    public SipScript()
    {
        Rig.Pipeline.JoinSip();
        Rig.Input.Plan = new ReportPlan(new ReportOptions { Packets = new PacketOptions { SipCorrelation = SipCorrelation.Joined } });
        Rig.Feed("HEARTBEAT");
    }

    public PipelineRig Rig { get; } = new();

    public HomerCalls Homer => new(Rig.Output.Bytes);

    /// <summary>The SIP that has left, as "Call-ID first-line > named Call-ID".</summary>
    public IEnumerable<string> Left => Rig.Packets.Where(packet => packet.Type == HepPayloadType.Sip).Select(packet =>
        $"{packet.Payload.Split("Call-ID: ")[1].Split("\r\n")[0]} {packet.Payload.Split(" SIP/2.0")[0].Replace("SIP/2.0 ", "", StringComparison.Ordinal).Split("\r\n")[0]} > {packet.CallId}");

    public SipScript Request(string callId, string method) => Send(callId, $"{method} sip:x@y SIP/2.0", method);

    public SipScript Response(string callId, int status, string method = "INVITE") => Send(callId, $"SIP/2.0 {status} X", method);

    public SipScript Create(string uuid, string? callId = null, string? originator = null, string channel = "sofia/internal/x", string? loopbackPeer = null) =>
        Event("CHANNEL_CREATE", uuid, callId, [("variable_originator", originator), ("Other-Type", originator is null ? null : "originator"), ("Other-Leg-Unique-ID", originator), ("variable_other_loopback_leg_uuid", loopbackPeer), ("Channel-Name", channel)]);

    public SipScript Event(string name, string uuid, string? callId = null, params (string Name, string? Value)[] headers)
    {
        (string Name, string? Value)[] all = [("Unique-ID", uuid), ("variable_sip_call_id", callId), .. headers];
        if (headers.All(header => header.Name != "Channel-Name"))
        {
            all = [.. all, ("Channel-Name", "sofia/internal/x")];
        }

        Rig.Feed(name, [.. all.Where(header => header.Value is not null).Select(header => (header.Name, header.Value!))]);
        return this;
    }

    public SipScript Hangup(string uuid, string? callId = null)
    {
        Event("CHANNEL_HANGUP_COMPLETE", uuid, callId);
        return Event("CHANNEL_DESTROY", uuid, callId);
    }

    public SipScript Wait(double seconds)
    {
        for (double waited = 0; waited < seconds; waited += 0.05)
        {
            Rig.Time.Advance(TimeSpan.FromSeconds(0.05));
            lock (Rig.Pipeline.Gate)
            {
                Rig.Pipeline.ReleaseWaitingPackets();
            }
        }

        return this;
    }

    public SipScript Send(string callId, string line, string method, string correlationId = "")
    {
        string text = $"{line}\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK{++_cseq}\r\nCall-ID: {callId}\r\nCSeq: {_cseq} {method}\r\nContent-Length: 0\r\n\r\n";
        HepPacket packet = new()
        {
            Source = HepAddress.FromIPv4(0x0a000001),
            Destination = HepAddress.FromIPv4(0x0a000002),
            Seconds = (uint)_cseq,
            PayloadType = HepPayloadType.Sip,
            CorrelationId = Encoding.UTF8.GetBytes(correlationId),
            Payload = Encoding.UTF8.GetBytes(text),
        };
        byte[] bytes = new byte[HepEncoder.HeaderLength(packet) + packet.Payload.Length];
        Assert.True(HepEncoder.TryEncode(packet, bytes, out _));
        lock (Rig.Pipeline.Gate)
        {
            Rig.Pipeline.ProcessPacket(bytes, PacketKind.Sip, Rig.Input);
            Rig.Pipeline.EndBatch();
        }

        Assert.True(Rig.Pipeline.Counters.AreConserved);
        return this;
    }
}
