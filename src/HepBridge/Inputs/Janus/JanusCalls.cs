using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Pipeline;
using HepBridge.Reports.Janus;

namespace HepBridge.Inputs.Janus;

/// <summary>
/// Tracks Janus handles through their calls, and has each event reported with the Call-ID of its handle's call. Events of
/// a session get that of its SIP handle. Requires the pipeline's lock.
/// </summary>
internal sealed class JanusCalls(EventPipeline pipeline, InputBinding binding)
{
    private readonly JanusHandles _handles = new();
    private readonly JanusPackets _packets = new(pipeline, binding);
    private readonly byte[] _scratch = new byte[EventLimits.MaxCallId];
    private byte[] _text = new byte[4_096];

    /// <summary>Handles and sessions known.</summary>
    public int Count => _handles.Count;

    public void Process(scoped in JanusEvent e, HepAddress sender, JanusInputConfiguration configuration)
    {
        JanusHandle? session = e.Session.IsEmpty ? null : _handles.Get(e.Session, default);
        JanusHandle? handle = e.Session.IsEmpty || e.Handle.IsEmpty ? null : _handles.Get(e.Session, e.Handle);
        ReadOnlySpan<byte> sip = e.Type == JanusEventType.Plugin ? Unescape(e.Data.Find("sip"u8)) : default;
        if (handle is not null && SipMessage.TryRead(sip, out SipMessage message))
        {
            LearnPlugin(e, session!, handle);
            ProcessSip(e, message, session!, handle, sender, configuration);
            return;
        }

        ReadOnlySpan<byte> callId = Learn(e, session, handle);
        if (!IsWanted(e, configuration))
        {
            pipeline.CountFiltered(binding);
        }
        else if (e.IsStatistics)
        {
            _packets.ReportQuality(e, session, handle, callId, sender);
        }
        else
        {
            _packets.ReportLine(e, session, handle, callId, sender);
        }

        Forget(e, session, handle);
    }

    private static bool IsWanted(scoped in JanusEvent e, JanusInputConfiguration configuration) =>
        e.IsStatistics ? configuration.Reports.QosEvents
        : configuration.Reports.CallEvents && ((int)e.Type > (int)JanusEvents.All || (configuration.Events & (JanusEvents)e.Type) != 0);

    // Returns the Call-ID in the event itself.
    private ReadOnlySpan<byte> Learn(scoped in JanusEvent e, JanusHandle? session, JanusHandle? handle)
    {
        switch (e.Type)
        {
            case JanusEventType.Session when session is not null:
                LearnTransport(e, session);
                return default;
            case JanusEventType.Handle or JanusEventType.Plugin when handle is not null:
                LearnPlugin(e, session!, handle);
                return e.Type == JanusEventType.Plugin ? LearnCall(e, session!, handle) : default;
            case JanusEventType.Jsep when handle is not null:
                BeginNextCall(handle);
                return default;
            case JanusEventType.WebRtc when handle is not null:
                if (e.Body.Find("ice"u8).Text.Is("gathering"u8))
                {
                    BeginNextCall(handle);
                }

                LearnMedia(e, handle);
                return default;
            case JanusEventType.External:
                return CallIdOf(e.Body.Find("data"u8));
            default:
                return default;
        }
    }

    private void LearnPlugin(scoped in JanusEvent e, JanusHandle session, JanusHandle handle)
    {
        if (handle.IsKnown || e.Body.Find("plugin"u8) is not { IsEmpty: false } plugin)
        {
            return;
        }

        handle.IsKnown = true;
        handle.IsSip = plugin.Text.Is("janus.plugin.sip"u8);
        if (handle.IsSip)
        {
            session.IsSip = true;
            pipeline.Channels.SetSip(handle.Channel, true, binding);
            SetSip(session, true);
        }
        else if (!session.IsSip)
        {
            SetSip(session, false);
        }
    }

    private void SetSip(JanusHandle session, bool isSip)
    {
        foreach (byte[] channel in session.Channels)
        {
            pipeline.Channels.SetSip(channel, isSip, binding);
        }
    }

    private static void LearnTransport(scoped in JanusEvent e, JanusHandle session)
    {
        ReadOnlySpan<byte> id = e.Body.Find("transport"u8).Find("id"u8).Text.Raw;
        if (id.Length is > 0 and <= JanusInput.MaxId)
        {
            session.Transport = [.. "transport/"u8, .. id];
        }
    }

    private ReadOnlySpan<byte> LearnCall(scoped in JanusEvent e, JanusHandle session, JanusHandle handle)
    {
        JanusValue data = e.Data;
        HeaderValue name = data.Find("event"u8).Text;
        ReadOnlySpan<byte> callId = CallIdOf(data);
        if (!callId.IsEmpty)
        {
            bool isEnd = name.Is("hangup"u8) || name.Is("missed_call"u8);
            if (isEnd && callId.SequenceEqual(handle.CallId))
            {
                handle.Call = JanusCall.Ended;
            }
            else if (!isEnd && (handle.Call != JanusCall.Active || name.Is("calling"u8) || name.Is("incomingcall"u8)))
            {
                BeginCall(callId, session, handle);
            }
        }
        else if (handle.RegistrationCallId.Length > 0 && IsRegistration(name))
        {
            return handle.RegistrationCallId;
        }

        return callId;
    }

    private static bool IsRegistration(HeaderValue name) =>
        name.Is("registered"u8) || name.Is("unregistered"u8) || name.Is("registering"u8) || name.Is("unregistering"u8) || name.Is("registration_failed"u8);

    private ReadOnlySpan<byte> CallIdOf(JanusValue data)
    {
        JanusValue value = data.Find("call-id"u8);
        value = value.IsEmpty ? data.Find("call_id"u8) : value;
        return value.IsString && value.Json.Length - 2 <= EventLimits.MaxCallId ? value.Text.DecodeId(_scratch) : default;
    }

    private void BeginCall(scoped ReadOnlySpan<byte> callId, JanusHandle session, JanusHandle handle)
    {
        // A late event must not restart a call that has just ended on this handle.
        if (handle.Call == JanusCall.Ended && callId.SequenceEqual(handle.CallId))
        {
            return;
        }

        handle.Call = JanusCall.Active;
        if (!callId.SequenceEqual(handle.CallId))
        {
            handle.CallId = callId.ToArray();
        }

        pipeline.Channels.LearnCallId(handle.Channel, callId, binding);
        foreach (byte[] channel in session.Channels)
        {
            pipeline.Channels.LearnCallId(channel, callId, binding);
        }
    }

    // An offer or new candidates after a hangup belong to the next call, whose Call-ID is not known yet.
    private void BeginNextCall(JanusHandle handle)
    {
        if (handle.Call == JanusCall.Ended)
        {
            handle.Call = JanusCall.None;
            pipeline.Channels.ForgetCallId(handle.Channel, binding);
        }
    }

    private static void LearnMedia(scoped in JanusEvent e, JanusHandle handle)
    {
        JanusValue candidates = e.Body.Find("candidates"u8);
        if (!candidates.IsEmpty)
        {
            handle.MediaLocal = Endpoint(candidates.Find("local"u8));
            handle.MediaRemote = Endpoint(candidates.Find("remote"u8));
        }
    }

    private static SipEndpoint Endpoint(scoped JanusValue candidate) =>
        HepAddress.TryParse(candidate.Find("address"u8).Text.Raw, out HepAddress address) && candidate.Find("port"u8).TryGetInt64(out long port)
            ? new SipEndpoint(address, port is > 0 and <= ushort.MaxValue ? (ushort)port : (ushort)0)
            : default;

    private void ProcessSip(
        scoped in JanusEvent e, scoped in SipMessage message, JanusHandle session, JanusHandle handle, HepAddress sender, JanusInputConfiguration configuration)
    {
        bool isOut = e.Data.Find("event"u8).Text.Is("sip-out"u8);
        ReadOnlySpan<byte> callId = message.CallId.Length <= EventLimits.MaxCallId ? new HeaderValue(message.CallId, ValueEncoding.Literal).DecodeId(_scratch) : default;
        (SipEndpoint source, SipEndpoint destination) = Way(message, isOut, handle);
        if (message.IsRequest && message.Method.SequenceEqual("INVITE"u8) && handle.Call != JanusCall.Active && !callId.IsEmpty)
        {
            BeginCall(callId, session, handle);
        }
        else if (message.Method.SequenceEqual("REGISTER"u8) && isOut && !callId.IsEmpty && !callId.SequenceEqual(handle.RegistrationCallId))
        {
            handle.RegistrationCallId = callId.ToArray();
            pipeline.Channels.LearnSpareCallId(handle.Channel, callId, binding);
            pipeline.Channels.LearnSpareCallId(session.Channel, callId, binding);
        }

        if (configuration.ReportSip)
        {
            _packets.PassSip(e, message, callId, handle.Channel, source, destination, sender);
        }
        else
        {
            pipeline.CountFiltered(binding);
        }
    }

    // The event has no addresses, but the message has: Via and Route or URI in requests, Via in responses. Missing ones
    // were seen in the other direction.
    private static (SipEndpoint Source, SipEndpoint Destination) Way(scoped in SipMessage message, bool isOut, JanusHandle handle)
    {
        if (!message.IsRequest)
        {
            return (!isOut ? handle.SipRemote : handle.SipLocal.IsUnknown ? message.Contact : handle.SipLocal, message.Via);
        }

        (SipEndpoint source, SipEndpoint destination) = (message.Via, message.Target);
        if (!isOut)
        {
            return (source, destination.IsUnknown ? handle.SipLocal : destination);
        }

        handle.SipLocal = source.IsUnknown ? handle.SipLocal : source;
        handle.SipRemote = destination;
        return (source, destination);
    }

    private ReadOnlySpan<byte> Unescape(JanusValue value)
    {
        if (!value.IsString)
        {
            return default;
        }

        if (_text.Length < value.Json.Length)
        {
            _text = new byte[value.Json.Length];
        }

        return value.Text.Decode(_text);
    }

    private void Forget(scoped in JanusEvent e, JanusHandle? session, JanusHandle? handle)
    {
        HeaderValue name = e.Body.Find("name"u8).Text;
        if (e.Type == JanusEventType.Handle && handle is not null && name.Is("detached"u8))
        {
            pipeline.Channels.End(handle.Channel, binding);
            _handles.Remove(handle);
        }
        else if (e.Type == JanusEventType.Session && session is not null && (name.Is("destroyed"u8) || name.Is("timeout"u8)))
        {
            foreach (byte[] channel in session.Channels)
            {
                pipeline.Channels.End(channel, binding);
            }

            _handles.Remove(session);
        }
    }
}
