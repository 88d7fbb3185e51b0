using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HepBridge.EndToEndTests.Outputs;
using HepBridge.EndToEndTests.Processes;
using HepBridge.Tests.Configuration;

namespace HepBridge.EndToEndTests.Amqp;

/// <summary>Runs examples/fleet-amqp; only names and ports are replaced.</summary>
[Collection(nameof(Alone))]
public sealed class AmqpExampleTests
{
    [Fact]
    public async Task The_example_runs_and_check_finds_nothing_wrong()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        JsonObject example = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "examples", "fleet-amqp", "config.json"), TestContext.Current.CancellationToken),
            documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!.AsObject();
        JsonNode input = example["amqp_config"]!;
        await fleet.Broker.ControlAsync("add_user", (string)input["AMQP_USER"]!, (string)input["AMQP_PASS"]!);
        await fleet.Broker.ControlAsync("set_permissions", "-p", (string)input["AMQP_VHOST"]!, (string)input["AMQP_USER"]!, ".*", ".*", ".*");
        (example["hep_config"]!["HEP_SERVER"], example["hep_config"]!["HEP_PORT"]) = ("127.0.0.1", fleet.Setup.HepPort);
        (input["AMQP_SERVER"], input["AMQP_PORT"]) = (new JsonArray("127.0.0.1:1", "127.0.0.1"), fleet.Broker.Port);
        example["metrics"]!["listen"] = "127.0.0.1:0";
        fleet.Setup.Save(example);
        HepBridgeProcess agent = fleet.Setup.Start("run", "--config", fleet.Setup.ConfigurationPath);
        await agent.SeesAsync("connected to amqp://127.0.0.1");
        HepBridgeProcess recorded = fleet.StartSwitch([.. Fleet.GroupKey, "--loop", "--speed", "4"]);
        foreach (string wanted in (string[])["HANGUP_COMPLETE", "\"type\":5", "\"type\":35", "REGISTER"])
        {
            await fleet.Collector.SeesAsync(wanted);
        }

        // The first broker of the list is missing: check says so, and examines the second.
        (_, string text) = await HepBridgeProcess.RunAsync("check", "--config", fleet.Setup.ConfigurationPath, "--seconds", "3");
        Assert.Contains("Cannot reach RabbitMQ 127.0.0.1:1: Connection refused", text, StringComparison.Ordinal);
        Assert.Contains("logged in as hepbridge, vhost /", text, StringComparison.Ordinal);
        Assert.Contains("the consistent-hash exchange is enabled", text, StringComparison.Ordinal);
        Assert.Contains("messages wait in 12 queues", text, StringComparison.Ordinal);
        Assert.Matches(@"[1-9]\d* events arrived in 3 s, from fs-alpha", text);

        // Beside the agents of the group, without a share of their queues. The session begins once its queue is there, and its devices are still registered at the end.
        await recorded.EndAsync();
        int queues = await TemporaryQueuesAsync(fleet);
        HepBridgeProcess peers = fleet.Setup.Start("peers", "--config", fleet.Setup.ConfigurationPath, "--seconds", "20");
        await Fleet.UntilAsync(async () => await TemporaryQueuesAsync(fleet) > queues, () => "peers declares no queue");
        fleet.StartSwitch([.. Fleet.GroupKey, "--speed", "2"]);
        await peers.SeesAsync(line => Regex.IsMatch(line, @"^fs-alpha +10\.99\.0\.1 +up"), "fs-alpha up");
        await peers.SeesAsync(line => Regex.IsMatch(line, "^1000@.* fs-alpha "), "a registration");
        Assert.Equal(0, await peers.ExitAsync());
        await fleet.MetricAsync(agent, "hepbridge_amqp_agents{", atLeast: 1);
        Assert.Equal(0, await agent.EndAsync());

        // Without an agent, a session waits.
        await fleet.StartSwitch([.. Fleet.GroupKey, "--speed", "50"]).ExitAsync();
        (_, text) = await HepBridgeProcess.RunAsync("check", "--config", fleet.Setup.ConfigurationPath, "--seconds", "1");
        Assert.Matches(@"[1-9]\d* messages wait in 12 queues, the oldest \d+ s old; 0 consumers", text);
    }

    private static async Task<int> TemporaryQueuesAsync(Fleet fleet) =>
        (await fleet.Broker.ControlAsync("list_queues", "name", "--silent")).Split('\n').Count(line => line.StartsWith("amq.gen", StringComparison.Ordinal));
}
