using System.Text.Json;
using HepBridge.Checks;
using HepBridge.Commands;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Replay;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Replay;
using static HepBridge.Tests.Checks.Checking;

namespace HepBridge.Tests.Checks;

/// <summary>The whole command: exit codes, table and JSON.</summary>
public sealed class CheckCommandTests
{
    [Fact]
    public async Task An_invalid_configuration_gives_its_errors_and_code_2()
    {
        (int code, string text) = await RunAsync(Reading.Of("""{ "hep_config": { "HEP_PROT": 1 }, "esl_config": {} }"""), json: false);
        Assert.Equal(2, code);
        Assert.Contains("error    configuration  hep_config.HEP_PROT", text, StringComparison.Ordinal);
        Assert.Contains("→", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_gives_code_1_and_a_row_with_advice()
    {
        await using AnsweringSwitch peer = new() { Accepts = false };
        await using ScriptedCollector collector = new();
        (int code, string text) = await RunAsync(Reading.Of(Json(peer.Port, collector.Port)), json: false);
        Assert.Equal(1, code);
        Assert.Contains($"error    switch 127.0.0.1:{peer.Port}", text, StringComparison.Ordinal);
        Assert.EndsWith("1 error", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_gives_code_0_and_json_that_says_so()
    {
        await using AnsweringSwitch peer = new();
        await using ScriptedCollector collector = new();
        (int code, string text) = await RunAsync(Reading.Of(Json(peer.Port, collector.Port)), json: true);
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(text);
        Assert.True(document.RootElement.GetProperty("ok").GetBoolean());
        Assert.All(document.RootElement.GetProperty("findings").EnumerateArray(), finding => Assert.Equal("ok", finding.GetProperty("severity").GetString()));
    }

    [Fact]
    public async Task A_replayed_switch_looks_like_a_real_one()
    {
        await using ReplayHarness replay = new(Recording.Parse(EslCapture.Read("esl-plain.bin.gz")), new ReplayServerOptions { Stay = true });
        await using ScriptedCollector collector = new();
        (int code, string text) = await RunAsync(Reading.Of(Json(replay.Port, collector.Port)), json: false);
        Assert.Equal(0, code);
        Assert.Contains("profile internal sends RTCP", text, StringComparison.Ordinal);
        Assert.Contains("events arrive", text, StringComparison.Ordinal);
        Assert.Contains("0 warnings, 0 errors", text, StringComparison.Ordinal);
    }

    private static string Json(int esl, int hep) =>
        $$"""{ "hep_config": { "HEP_PORT": {{hep}}, "HEP_TRANSPORT": "tcp" }, "esl_config": { "ESL_PORT": {{esl}} } }""";

    private static async Task<(int Code, string Text)> RunAsync(ConfigurationResult result, bool json)
    {
        using StringWriter output = new();
        int code = await CheckCommand.RunAsync(result, new CheckRun(InputKinds.BuiltIn.Check, TimeProvider.System, Long, Long), json, output, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}
