namespace HepBridge.Commands.Check;

/// <summary>How much a finding matters.</summary>
internal enum CheckSeverity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, but something will be missing or go wrong later.</summary>
    Warning,

    /// <summary>It doesn't work.</summary>
    Error,
}
