using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Commands.Checking;

/// <summary>What one check has found about its subject, in the order of looking.</summary>
internal sealed class FindingList(string subject)
{
    private readonly List<CheckFinding> _findings = [];

    public IReadOnlyList<CheckFinding> Findings => _findings;

    public void Ok(string what) => _findings.Add(new CheckFinding(CheckSeverity.Ok, subject, what, null));

    public void Warning(string what, string? advice) => _findings.Add(new CheckFinding(CheckSeverity.Warning, subject, what, advice));

    public void Error(string what, string? advice) => _findings.Add(new CheckFinding(CheckSeverity.Error, subject, what, advice));

    /// <summary>What an event socket's own sentence says; it names the setting to look at.</summary>
    public void Error(EslOutcome outcome) => Error(outcome.Message, null);
}
