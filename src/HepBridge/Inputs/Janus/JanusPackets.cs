using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Pipeline;
using HepBridge.Reports;
using HepBridge.Reports.Janus;

namespace HepBridge.Inputs.Janus;

/// <summary>Makes the payloads of Janus's events and passes them to the pipeline. Requires its lock.</summary>
internal sealed class JanusPackets(EventPipeline pipeline, InputBinding binding)
{
    private readonly byte[] _channel = new byte["transport/"u8.Length + JanusInput.MaxId];
    private readonly byte[] _name = new byte[EventLimits.MaxCallId];

    /// <summary>A SIP message; without any address of its own, between this host and itself.</summary>
    public void PassSip(
        scoped in JanusEvent e, scoped in SipMessage message, scoped ReadOnlySpan<byte> callId, ReadOnlySpan<byte> channel, SipEndpoint source, SipEndpoint destination, HepAddress sender)
    {
        bool isKnown = !source.IsUnknown || !destination.IsUnknown;
        HepAddress own = binding.Plan.Options.AgentAddress ?? sender;
        pipeline.ProcessPayload(
            new ReadyPayload
            {
                Type = HepPayloadType.Sip,
                Kind = PacketKind.Sip,
                Form = PayloadForm.Message,
                CallId = callId,
                ChannelUuid = channel,
                UnixMicroseconds = e.UnixMicroseconds,
                Protocol = message.Protocol,
                Source = isKnown ? source.Address : own,
                SourcePort = source.Port,
                Destination = isKnown ? destination.Address : own,
                DestinationPort = destination.Port,
                Payload = message.Bytes,
            },
            binding);
    }

    /// <summary>An event as a readable line.</summary>
    public void ReportLine(scoped in JanusEvent e, JanusHandle? session, JanusHandle? handle, ReadOnlySpan<byte> callId, HepAddress sender)
    {
        HepAddress own = handle is { SipLocal.IsUnknown: false } ? handle.SipLocal.Address : sender;
        own = binding.Plan.Options.AgentAddress ?? own;
        pipeline.ProcessPayload(
            new ReadyPayload
            {
                Type = HepPayloadType.Log,
                Kind = PacketKind.Log,
                Form = PayloadForm.JanusLine,
                CallId = callId.IsEmpty && session is null && e.Type != JanusEventType.Transport ? NameOf(e) : callId,
                ChannelUuid = Channel(e, session, handle),
                UnixMicroseconds = e.UnixMicroseconds,
                Source = own,
                Destination = own,
                Payload = e.Json,
            },
            binding);
    }

    /// <summary>Media statistics as two streams: from the browser and to it.</summary>
    public void ReportQuality(scoped in JanusEvent e, JanusHandle? session, JanusHandle? handle, ReadOnlySpan<byte> callId, HepAddress sender)
    {
        bool any = false;
        foreach (bool isReceived in (ReadOnlySpan<bool>)[true, false])
        {
            if (JanusQuality.Packets(e, isReceived).TryGetInt64(out long packets) && packets > 0)
            {
                Report(e, Channel(e, session, handle), callId, sender, handle, isReceived);
                any = true;
            }
        }

        if (!any)
        {
            pipeline.CountFiltered(binding);
        }
    }

    private void Report(scoped in JanusEvent e, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> callId, HepAddress sender, JanusHandle? handle, bool isReceived)
    {
        HepAddress own = binding.Plan.Options.AgentAddress ?? sender;
        (SipEndpoint local, SipEndpoint remote) = handle is { MediaLocal.IsUnknown: false }
            ? (handle.MediaLocal, handle.MediaRemote)
            : (new SipEndpoint(own, 0), new SipEndpoint(own, 0));
        (SipEndpoint source, SipEndpoint destination) = isReceived ? (remote, local) : (local, remote);
        foreach (HepPayloadType type in binding.Plan.QosTypes)
        {
            pipeline.ProcessPayload(
                new ReadyPayload
                {
                    Type = type,
                    Kind = PacketKind.Qos,
                    Form = isReceived ? PayloadForm.JanusReceived : PayloadForm.JanusSent,
                    CallId = callId,
                    ChannelUuid = channel,
                    UnixMicroseconds = e.UnixMicroseconds,
                    Source = source.Address,
                    SourcePort = source.Port,
                    Destination = destination.Address,
                    DestinationPort = destination.Port,
                    Payload = e.Json,
                },
                binding);
        }
    }

    // A handle without SIP belongs to its session; events without a session belong to their transport.
    private ReadOnlySpan<byte> Channel(scoped in JanusEvent e, JanusHandle? session, JanusHandle? handle)
    {
        if (handle is { IsKnown: false } or { IsSip: true })
        {
            return handle.Channel;
        }

        if (session is not null)
        {
            return session.Channel;
        }

        ReadOnlySpan<byte> id = e.Body.Find("id"u8).Text.Raw;
        if (id.Length is 0 or > JanusInput.MaxId)
        {
            return default;
        }

        "transport/"u8.CopyTo(_channel);
        id.CopyTo(_channel.AsSpan("transport/"u8.Length));
        return _channel.AsSpan(0, "transport/"u8.Length + id.Length);
    }

    // Events of Janus itself get its name as correlation id, like a switch coming or going.
    private ReadOnlySpan<byte> NameOf(scoped in JanusEvent e)
    {
        ReadOnlySpan<byte> name = e.Emitter.Text.DecodeId(_name);
        return name.IsEmpty ? "janus"u8 : name;
    }
}
