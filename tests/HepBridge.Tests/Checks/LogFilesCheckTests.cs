using HepBridge.Checks;
using HepBridge.Tests.Configuration;
using static HepBridge.Tests.Checks.Checking;

namespace HepBridge.Tests.Checks;

/// <summary>What a check tells of log files.</summary>
public sealed class LogFilesCheckTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-logs-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Each_pattern_is_counted_over_the_last_thousand_lines_of_each_file()
    {
        string[] lines = [.. Enumerable.Range(0, 1_500).Select(i => i % 10 == 0 ? $"INVITE callid=c{i}" : i % 4 == 0 ? $"id={i} call" : $"nothing {i}")];
        Write("one.log", string.Join('\n', lines) + "\n");
        Write("two.log", "INVITE callid=a\n");
        IReadOnlyList<CheckResult> results = await CheckAsync("*.log", "\"callid=(\\\\S+)\", \"id=(\\\\d+) call\"");
        string[] found = [.. results.Select(result => result.What.Replace(_directory + "/", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "one.log: callid=(\\S+) matches 100 of the last 1000 lines", "one.log: id=(\\d+) call matches 200 of the last 1000 lines",
                "positions are saved in positions.json", "two.log: callid=(\\S+) matches 1 of the last 1 lines", "two.log: id=(\\d+) call matches 0 of the last 1 lines",
            ],
            found);
        Assert.Single(results, result => result.Severity == CheckSeverity.Warning);
    }

    [Fact]
    public async Task A_missing_file_is_a_warning()
    {
        AssertOnly(await CheckAsync("none.log", "\"(a)\""), CheckSeverity.Warning, "none.log does not exist");
        Directory.CreateDirectory(Path.Combine(_directory, "directory.log"));
        AssertOnly(await CheckAsync("directory.log", "\"(a)\""), CheckSeverity.Warning, "directory.log does not exist");
    }

    [Fact]
    public async Task A_position_file_that_cannot_be_written_is_an_error()
    {
        Write("a.log", "a\n");
        AssertOnly(await CheckAsync("a.log", "\"(a)\"", "/proc/none/positions.json"), CheckSeverity.Error, "/proc/none can't be written");
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory, name), text);

    private Task<IReadOnlyList<CheckResult>> CheckAsync(string path, string patterns, string? state = null) => RunAsync(new LogFilesCheck(Reading.Good($$"""
        { "hep_config": {}, "logs_config": { "state_path": "{{state ?? Path.Combine(_directory, "positions.json")}}", "logs": { "path": "{{Path.Combine(_directory, path)}}", "pattern": [{{patterns}}] } } }
        """).LogFilesInputs[0]));
}
