namespace HepBridge.Collector.Store;

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

/// <summary>Audio quality, by the thresholds in <see cref="MediaQuality"/>.</summary>
internal enum QualityLevel
{
    Unknown,
    Good,
    Fair,
    Bad,
}
