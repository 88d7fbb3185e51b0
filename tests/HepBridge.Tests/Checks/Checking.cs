using HepBridge.Checks;

namespace HepBridge.Tests.Checks;

/// <summary>Runs one check and examines its findings.</summary>
internal static class Checking
{
    /// <summary>Long enough for expected data, however busy the machine is.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>For data that will never arrive.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    public static async Task<IReadOnlyList<CheckResult>> RunAsync(ICheck check)
    {
        CheckResults results = new(check.Subject);
        await check.RunAsync(results, TestContext.Current.CancellationToken);
        return results.Results;
    }

    /// <summary>Asserts that exactly one finding is not ok, that its text contains these words, and that it says what to do.</summary>
    public static CheckResult AssertOnly(IReadOnlyList<CheckResult> results, CheckSeverity severity, string words)
    {
        CheckResult finding = Assert.Single(results, finding => finding.Severity != CheckSeverity.Ok);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(words, $"{finding.What} → {finding.Advice}", StringComparison.Ordinal);
        return finding;
    }

    public static void AssertAllOk(IReadOnlyList<CheckResult> results)
    {
        Assert.NotEmpty(results);
        Assert.All(results, finding => Assert.True(finding.Severity == CheckSeverity.Ok, finding.What));
    }
}
