using HepBridge.Commands.Checking;

namespace HepBridge.Tests.Commands.Checking;

/// <summary>Runs one check, and finds what it says.</summary>
internal static class Checking
{
    /// <summary>Long enough for what will come, however busy the machine is.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>For what will never come.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    public static async Task<IReadOnlyList<CheckFinding>> RunAsync(ICheck check)
    {
        var findings = new FindingList(check.Subject);
        await check.RunAsync(findings, TestContext.Current.CancellationToken);
        return findings.Findings;
    }

    /// <summary>The only finding that is not ok; its text has these words, and says what to do.</summary>
    public static CheckFinding AssertOnly(IReadOnlyList<CheckFinding> findings, CheckSeverity severity, string words)
    {
        CheckFinding finding = Assert.Single(findings, finding => finding.Severity != CheckSeverity.Ok);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(words, $"{finding.What} → {finding.Advice}", StringComparison.Ordinal);
        return finding;
    }

    public static void AssertAllOk(IReadOnlyList<CheckFinding> findings)
    {
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.True(finding.Severity == CheckSeverity.Ok, finding.What));
    }
}
