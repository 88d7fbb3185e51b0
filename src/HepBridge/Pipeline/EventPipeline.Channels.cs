using HepBridge.Calls;

namespace HepBridge.Pipeline;

/// <summary>Information from inputs about the channels they name themselves (<see cref="Reports.ReadyPayload.ChannelUuid"/>).</summary>
internal sealed partial class EventPipeline
{
    /// <summary>The channel's Call-ID, from now on and for held payloads.</summary>
    public void LearnCallId(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> callId, InputBinding input) => _calls.Learn(Channel(channel, input), callId);

    /// <summary>The Call-ID for a channel's held payloads if it gets none of its own within <c>hold_time</c>.</summary>
    public void LearnSpareCallId(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> callId, InputBinding input) => _calls.LearnSpare(Channel(channel, input), callId);

    /// <summary>The channel starts its next call: from now on, payloads are held for that call's Call-ID.</summary>
    public void ForgetCallId(ReadOnlySpan<byte> channel, InputBinding input) => _calls.ForgetCallId(Channel(channel, input));

    /// <summary>Whether the channel uses SIP; if not, its name serves as its Call-ID with <c>correlate_non_sip</c>.</summary>
    public void SetSip(ReadOnlySpan<byte> channel, bool isSip, InputBinding input) => _calls.SetProtocol(Channel(channel, input), isSip ? LegProtocol.Sip : LegProtocol.Other);

    /// <summary>The channel has ended: it lingers for late payloads.</summary>
    public void EndChannel(ReadOnlySpan<byte> channel, InputBinding input) => _calls.End(Channel(channel, input));

    private Leg Channel(ReadOnlySpan<byte> channel, InputBinding input)
    {
        if (!_inBatch)
        {
            BeginBatch();
        }

        return _calls.FindOrAdd(channel, input.IsTrusted);
    }
}
