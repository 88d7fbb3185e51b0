namespace HepBridge.Collector.Store;

/// <summary>A leg's state, and when it reached each one.</summary>
internal sealed class LegProgress
{
    // By state, from Calling to Ended, which covers all ends.
    private readonly Moment[] _moments = new Moment[(int)CallState.Ended + 1];

    public CallState State { get; set; }
    public long? StartedAt => _moments[(int)CallState.Calling].Time;
    public long? RingingAt => _moments[(int)CallState.Ringing].Time;
    public long? AnsweredAt => _moments[(int)CallState.Answered].Time;
    public long? EndedAt => _moments[(int)CallState.Ended].Time;

    /// <summary>Notes that the leg reached a state; Unknown changes nothing.</summary>
    public void Advance(CallState state, long time, bool isSip)
    {
        _moments[Math.Min((int)state, (int)CallState.Ended)].Note(time, isSip);
        State = state > State ? state : State;
    }

    /// <summary>
    /// When something first happened. SIP packets are precise to the microsecond, a switch's events to 20 ms. But a
    /// capture that started mid-call contains only later SIP, such as the answer to a re-INVITE.
    /// </summary>
    private struct Moment
    {
        private const long LatestSip = 1_000_000;

        private long? _sip;
        private long? _event;

        public readonly long? Time => _sip is null || _sip - _event > LatestSip ? _event : _sip;

        public void Note(long time, bool isSip)
        {
            ref long? known = ref isSip ? ref _sip : ref _event;
            known = known is long before ? Math.Min(before, time) : time;
        }
    }
}

/// <summary>Progress of a leg or a call; an earlier state never replaces a later one.</summary>
internal enum CallState
{
    /// <summary>Only media reports were seen, neither SIP nor call events.</summary>
    Unknown,
    Calling,
    Ringing,
    Answered,

    /// <summary>Answered, then over.</summary>
    Ended,

    /// <summary>The caller hung up before an answer.</summary>
    Cancelled,

    /// <summary>Rejected or unreachable.</summary>
    Failed,
}

/// <summary>What kind of dialog a Call-ID identifies.</summary>
internal enum DialogKind
{
    Call,
    Registration,

    /// <summary>OPTIONS, SUBSCRIBE, MESSAGE, …</summary>
    Other,
}
