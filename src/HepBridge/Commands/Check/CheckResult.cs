namespace HepBridge.Commands.Check;

/// <summary>One result of a check. Never contains a secret.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What was checked: a switch, a group, a collector, this host.</param>
/// <param name="What">What was found.</param>
/// <param name="Advice">What to do; null if nothing, or if <paramref name="What"/> says it.</param>
internal sealed record CheckResult(CheckSeverity Severity, string Subject, string What, string? Advice);
