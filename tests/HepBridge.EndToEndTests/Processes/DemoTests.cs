namespace HepBridge.EndToEndTests.Processes;

[Collection(nameof(Processes))]
public class DemoTests
{
    [Theory]
    [InlineData("event socket")]
    [InlineData("mod_event_multicast", "--multicast")]
    public async Task It_ends_with_the_table_of_recorded_calls_and_loses_nothing(string way, params string[] options)
    {
        (int exitCode, string text) = await HepBridgeProcess.RunAsync(["demo", "--speed", "30", .. options]);

        Assert.Equal(0, exitCode);
        string[] lines = text.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 120, line));
        Assert.Contains(lines, line => line.Trim().StartsWith("switch", StringComparison.Ordinal) && line.Contains(way, StringComparison.Ordinal));
        Assert.Contains("  30 legs, each under its own Call-ID", text, StringComparison.Ordinal);
        Assert.Contains("Nothing was lost.", text, StringComparison.Ordinal);
        string[][] rows = [.. lines.Select(Cells)];
        Assert.Contains(rows, row => row is ["27ee1e46feb8010b@10.99.0.11", "1000", "1005", "answered 22 s", "10", "7", "24", "1.83"]);
        Assert.Contains(rows, row => row is ["└ d1dfb11f-60a9-1240-4381-7a8fdb24f3ae", "1000", "1002", "USER_BUSY", "5", "4", "0"]);
        Assert.Contains(rows, row => row is ["eba7a5a7a3d658cf@fd99::2", "1006", "9196", "answered 6 s", "6", "4", "3", "4.50"]);
        Assert.Contains(rows, row => row is ["SIP (type 1)", "307", "307", "0"]);
        Assert.Contains(rows, row => row is ["RTCP (type 5)", "158", "158", "0"]);
        Assert.Contains(rows, row => row is ["QoS (type 35)", "21", "21", "0"]);
    }

    [Fact]
    public async Task Verbose_prints_each_packet()
    {
        (int exitCode, string text) = await HepBridgeProcess.RunAsync("demo", "--speed", "100", "--verbose");

        Assert.Equal(0, exitCode);
        Assert.Contains("    CREATE 1000 → 1001; inbound; callid=c46b3a2eb8497a01@10.99.0.11", text, StringComparison.Ordinal);
        Assert.Equal(158, text.Split('\n').Count(line => line.Contains("Z  RTCP (5)  ", StringComparison.Ordinal)));
    }

    private static string[] Cells(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Tests that start processes run one at a time: each keeps the machine busy.</summary>
[CollectionDefinition(nameof(Processes))]
public sealed class Processes;
