using HepBridge.Collector.Printing;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Checks;

/// <summary>Results of one check, in order.</summary>
internal sealed class CheckResults(string subject)
{
    private readonly List<CheckResult> _results = [];

    public IReadOnlyList<CheckResult> Results => _results;

    public void Ok(string what) => _results.Add(new CheckResult(CheckSeverity.Ok, subject, what, null));

    public void Warning(string what, string? advice) => _results.Add(new CheckResult(CheckSeverity.Warning, subject, what, advice));

    public void Error(string what, string? advice) => _results.Add(new CheckResult(CheckSeverity.Error, subject, what, advice));

    /// <summary>Adds an event socket's message, which already names the setting to check.</summary>
    public void Error(EslOutcome outcome) => Error(outcome.Message, null);
}

/// <summary>One thing that a check found. It never holds a secret.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What was looked at: a switch, a group, a collector, this host.</param>
/// <param name="What">What was found.</param>
/// <param name="Advice">What to do; null where there is nothing to do, or <paramref name="What"/> says it.</param>
internal sealed record CheckResult(CheckSeverity Severity, string Subject, string What, string? Advice)
{
    public string Subject { get; init; } = VisibleText.Line(Subject);

    /// <summary>With control characters escaped: a switch's or a collector's text may be part of it.</summary>
    public string What { get; init; } = VisibleText.Line(What);

    public string? Advice { get; init; } = Advice is null ? null : VisibleText.Line(Advice);
}

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

/// <summary>Tries one thing of the configuration for real.</summary>
internal interface ICheck
{
    /// <summary>What is looked at, as the table names it.</summary>
    string Subject { get; }

    /// <summary>Looks; what is broken is a finding, only cancelling throws.</summary>
    Task RunAsync(CheckResults results, CancellationToken cancellationToken);
}
