using HepBridge.Calls;

namespace HepBridge.Pipeline;

/// <summary>Information from inputs about the channels they name themselves (<see cref="Reports.ReadyPayload.ChannelUuid"/>).</summary>
internal sealed class InputChannels(CallTracker<HeldItem> calls, BatchClock clock)
{
    /// <summary>The channel's Call-ID, from now on and for held payloads.</summary>
    public void LearnCallId(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> callId, InputBinding input) => calls.Facts.LearnCallId(Find(channel, input), callId);

    /// <summary>The Call-ID for a channel's held payloads if it gets none of its own within <c>hold_time</c>.</summary>
    public void LearnSpareCallId(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> callId, InputBinding input) => calls.Facts.LearnSpareCallId(Find(channel, input), callId);

    /// <summary>The channel starts its next call: from now on, payloads are held for that call's Call-ID.</summary>
    public void ForgetCallId(ReadOnlySpan<byte> channel, InputBinding input) => calls.Facts.ForgetCallId(Find(channel, input));

    /// <summary>Whether the channel uses SIP; if not, its name serves as its Call-ID with <c>correlate_non_sip</c>.</summary>
    public void SetSip(ReadOnlySpan<byte> channel, bool isSip, InputBinding input) =>
        calls.Facts.SetProtocol(Find(channel, input), isSip ? LegProtocol.Sip : LegProtocol.Other);

    /// <summary>The channel has ended: it lingers for late payloads.</summary>
    public void End(ReadOnlySpan<byte> channel, InputBinding input) => calls.End(Find(channel, input));

    private Leg Find(ReadOnlySpan<byte> channel, InputBinding input)
    {
        clock.Begin();
        return calls.FindOrAdd(channel, input.IsTrusted);
    }
}
