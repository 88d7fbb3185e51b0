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

    /// <summary>A warning if there is advice.</summary>
    public void OkUnless(string? advice, string what) => _results.Add(new CheckResult(advice is null ? CheckSeverity.Ok : CheckSeverity.Warning, subject, what, advice));

    public void Error(string what, string? advice) => _results.Add(new CheckResult(CheckSeverity.Error, subject, what, advice));

    /// <summary>Adds an event socket's message, which already names the setting to check.</summary>
    public void Error(EslOutcome outcome) => Error(outcome.Message, null);
}

/// <summary>One finding of a check. Never contains a secret.</summary>
/// <param name="Severity">How serious it is.</param>
/// <param name="Subject">What was checked: a switch, a group, a collector, this host.</param>
/// <param name="What">What was found.</param>
/// <param name="Advice">What to do; null if there is nothing to do, or <paramref name="What"/> says it.</param>
internal sealed record CheckResult(CheckSeverity Severity, string Subject, string What, string? Advice)
{
    public string Subject { get; init; } = VisibleText.Line(Subject);

    /// <summary>Control characters are escaped: it may contain a switch's or a collector's text.</summary>
    public string What { get; init; } = VisibleText.Line(What);

    public string? Advice { get; init; } = Advice is null ? null : VisibleText.Line(Advice);
}

internal enum CheckSeverity
{
    Ok,

    /// <summary>It works, but something will be missing or fail later.</summary>
    Warning,
    Error,
}

/// <summary>Tests one part of the configuration for real.</summary>
internal interface ICheck
{
    /// <summary>What is checked, as shown in the table.</summary>
    string Subject { get; }

    /// <summary>Runs the check. Failures are findings; only cancellation throws.</summary>
    Task RunAsync(CheckResults results, CancellationToken cancellationToken);
}
