using System.Text.Json.Nodes;
using HepBridge.EndToEndTests.Outputs;
using HepBridge.EndToEndTests.Processes;

namespace HepBridge.EndToEndTests.Amqp;

/// <summary>What an agent knows of calls that were in progress before a switch's events reached it.</summary>
[Collection(nameof(Alone))]
public sealed class AmqpTakeoverTests
{
    // A channel may end before it is asked for.
    private const string ByCommands = @"has [1-9]\d* channels in progress, details received for [1-9]\d*, unknown: 0";

    [Fact]
    public async Task An_agent_that_takes_over_asks_the_switch_for_the_calls_in_progress()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        JsonObject input = new() { ["partitions"] = 4, ["command_exchange"] = "TAP.Commands" };
        HepBridgeProcess first = fleet.StartAgent("first", input, "rtcp");
        await first.SeesAsync("connected to amqp://");
        HepBridgeProcess second = fleet.StartAgent("second", input, "rtcp");
        await second.SeesAsync("connected to amqp://");
        fleet.StartSwitch([.. Fleet.GroupKey, "--from", "19", "--loop"]);

        HepBridgeProcess owner = await await Task.WhenAny(LearnsAsync(first), LearnsAsync(second));
        HepBridgeProcess heir = owner == first ? second : first;
        await fleet.MetricAsync(owner, "hepbridge_amqp_channels_known_total", atLeast: 1);
        int before = fleet.Collector.Count;
        await owner.CrashAsync();
        await heir.MatchesAsync(ByCommands);
        await fleet.MetricAsync(heir, "hepbridge_amqp_channels_known_total", atLeast: 1);
        await fleet.Collector.SeesAsync(line => line.Contains("\"type\":5", StringComparison.Ordinal), "RTCP", before);
    }

    [Fact]
    public async Task Without_an_answer_it_says_why_and_counts_what_stays_unknown()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        HepBridgeProcess agent = fleet.StartAgent("agent", new JsonObject { ["command_exchange"] = "TAP.Commands", ["command_key"] = "elsewhere" }, "rtcp");
        await agent.SeesAsync("connected to amqp://");
        fleet.StartSwitch("--from", "19");
        await agent.SeesAsync("could not query the calls in progress on fs-alpha; their events are held until a Call-ID is seen: no command profile of mod_amqp is bound to TAP.Commands with the key elsewhere");
        await fleet.MetricAsync(agent, "hepbridge_events_held", atLeast: 1);
        Assert.Equal(0, await agent.EndAsync());
    }

    private static async Task<HepBridgeProcess> LearnsAsync(HepBridgeProcess agent)
    {
        await agent.MatchesAsync(ByCommands);
        return agent;
    }
}
