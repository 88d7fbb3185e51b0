namespace HepBridge.Collector.Store;

/// <summary>How far a leg or a call got; a later state is never replaced by an earlier one.</summary>
internal enum CallState
{
    /// <summary>Only reports were seen, neither SIP nor call events.</summary>
    Unknown,
    Calling,
    Ringing,
    Answered,

    /// <summary>Answered, then over.</summary>
    Ended,

    /// <summary>The caller gave up before an answer.</summary>
    Cancelled,

    /// <summary>Refused or not reachable.</summary>
    Failed,
}

/// <summary>What a Call-ID belongs to.</summary>
internal enum DialogKind
{
    Call,
    Registration,

    /// <summary>OPTIONS, SUBSCRIBE, MESSAGE, …</summary>
    Other,
}

/// <summary>How good the audio was, by the bounds of <see cref="MediaQuality"/>.</summary>
internal enum QualityLevel
{
    Unknown,
    Good,
    Fair,
    Bad,
}
