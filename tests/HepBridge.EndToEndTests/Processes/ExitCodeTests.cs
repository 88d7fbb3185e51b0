using System.Net;
using System.Net.Sockets;

namespace HepBridge.EndToEndTests.Processes;

[Collection(nameof(Processes))]
public class ExitCodeTests
{
    [Theory]
    [InlineData("'--nonsense'", "--nonsense")]
    [InlineData("'dance'", "dance")]
    [InlineData("--speed must be", "demo", "--speed", "0")]
    [InlineData("'70000' is not a valid port", "listen", "--port", "70000")]
    [InlineData("FILE", "record")]
    [InlineData("--port must be", "replay", "x.bin", "--port", "-1")]
    [InlineData("--format", "record", "x.bin", "--format", "xml")]
    [InlineData("nowhere.bin", "replay", "nowhere.bin")]
    public async Task Invalid_arguments_exit_with_2_and_the_reason(string reason, params string[] arguments)
    {
        (int exitCode, string text) = await HepBridgeProcess.RunAsync(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(reason, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("demo")]
    [InlineData("replay")]
    [InlineData("record")]
    [InlineData("listen")]
    [InlineData("peers")]
    public async Task Each_command_has_help_with_examples(string command)
    {
        (int exitCode, string text) = await HepBridgeProcess.RunAsync(command, "--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("Examples:", text, StringComparison.Ordinal);
        Assert.Contains($"hepbridge {command}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_programs_help_lists_every_command_on_one_line_and_the_exit_codes()
    {
        (int exitCode, string text) = await HepBridgeProcess.RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All((string[])["run", "demo", "replay", "record", "listen"], command => Assert.Contains($"\n  {command} ", text, StringComparison.Ordinal));
        Assert.Contains("Exit codes: 0 success, 1 failure, 2 wrong usage or invalid configuration.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_configuration_exits_with_2_and_all_its_errors()
    {
        await using Setup setup = new();
        File.WriteAllText(setup.ConfigurationPath, """
            { "hep_config": { "HEP_PORT": 70000 }, "esl_config": { "ESL_SERVR": "pbx", "report_call_events": "perhaps" } }
            """);
        (int exitCode, string text) = await HepBridgeProcess.RunAsync("--config", setup.ConfigurationPath);

        Assert.Equal(2, exitCode);
        Assert.Contains("hep_config.HEP_PORT", text, StringComparison.Ordinal);
        Assert.Contains("ESL_SERVER", text, StringComparison.Ordinal);
        Assert.Contains("esl_config.report_call_events", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_configuration_exits_with_2_and_names_the_places_searched()
    {
        await using Setup setup = new();
        HepBridgeProcess run = setup.Start("run");

        Assert.Equal(2, await run.ExitAsync());
        await run.SeesAsync("/etc/hepbridge/config.json");
    }

    [Fact]
    public async Task A_port_in_use_exits_with_1()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (string[] arguments in (string[][])[["listen", "--port", port], ["replay", Setup.RecordingPath, "--port", port]])
        {
            (int exitCode, string text) = await HepBridgeProcess.RunAsync(arguments);
            Assert.Equal(1, exitCode);
            Assert.Contains(port, text, StringComparison.Ordinal);
        }

        await using Setup setup = new();
        File.WriteAllText(setup.ConfigurationPath, $$"""
            { "hep_config": {}, "esl_config": { "ESL_PORT": 1 }, "web": { "listen": "127.0.0.1:{{port}}" } }
            """);
        HepBridgeProcess run = setup.Start("run");
        Assert.Equal(1, await run.ExitAsync());
        await run.SeesAsync("The agent cannot start");
        Assert.Contains(run.Lines, line => line.Contains(port, StringComparison.Ordinal));
        Assert.DoesNotContain(run.Lines, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
    }
}
