using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Commands.Check;

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
