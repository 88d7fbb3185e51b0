namespace HepBridge.Commands.Check;

internal enum CheckSeverity
{
    Ok,

    /// <summary>It works, but something will be missing or fail later.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Error,
}
