using HepBridge.Collector.Printing;

namespace HepBridge.Commands.Check;

/// <summary>One thing that a check found. It never holds a secret.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What was looked at: a switch, a group, a collector, this host.</param>
/// <param name="What">What was found.</param>
/// <param name="Advice">What to do; null where there is nothing to do, or <paramref name="What"/> says it.</param>
internal sealed record CheckResult(CheckSeverity Severity, string Subject, string What, string? Advice)
{
    public string Subject { get; init; } = VisibleText.Line(Subject);

    /// <summary>Made visible: a switch's or a collector's text may be part of it.</summary>
    public string What { get; init; } = VisibleText.Line(What);

    public string? Advice { get; init; } = Advice is null ? null : VisibleText.Line(Advice);
}
