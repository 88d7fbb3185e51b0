namespace HepBridge.Commands.Check;

/// <summary>One thing that a check found. It never holds a secret.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What was looked at: a switch, a group, a collector, this host.</param>
/// <param name="What">What was found.</param>
/// <param name="Advice">What to do; null where there is nothing to do, or <paramref name="What"/> says it.</param>
internal sealed record CheckResult(CheckSeverity Severity, string Subject, string What, string? Advice);
