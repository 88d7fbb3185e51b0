using System.Text.Json.Nodes;
using HepBridge.EndToEndTests.Outputs;
using HepBridge.EndToEndTests.Processes;
using RabbitMQ.Client;

namespace HepBridge.EndToEndTests.Amqp;

/// <summary>Agents between a real broker and a collector, with the messages that mod_amqp published in the recorded session.</summary>
[Collection(nameof(Alone))]
public sealed class AmqpAgentTests(ITestOutputHelper output)
{
    private const int Switches = 6;

    [Fact]
    public async Task A_recorded_session_gives_the_packets_of_the_event_socket_in_JSON()
    {
        string[] reports = ["rtcp", "qos", "registration"];
        await using Fleet fleet = await Fleet.StartAsync();
        HepBridgeProcess agent = fleet.StartAgent("agent", [], reports);
        await agent.SeesAsync("connected to amqp://");
        await using (IConnection connection = await fleet.Broker.ConnectAsync())
        {
            await RecordedMessages.PublishAsync(connection, RecordedMessages.All);
        }

        await Fleet.QuietAsync(fleet.Collector);
        Assert.Equal(0, await agent.EndAsync());
        (string, string)[] byAmqp = Fleet.Packets(fleet.Collector);

        await using Setup other = new();
        HepBridgeProcess second = await other.StartCollectorAsync();
        await other.StartSwitchOfAsync(Path.Combine(AppContext.BaseDirectory, "Captures", "esl-json.bin.gz"), "--burst", "--keep-times", "--stay");
        other.Save(Fleet.Configuration(other, new JsonObject { ["ESL_PORT"] = other.EslPort, ["event_format"] = "json" }, "esl_config", reports));
        HepBridgeProcess bySocket = other.Start("run", "--config", other.ConfigurationPath);
        await bySocket.SeesAsync("connected, receiving events");
        await Fleet.QuietAsync(second);
        Assert.Equal(0, await bySocket.EndAsync());
        Assert.NotEmpty(byAmqp);
        Assert.Equal(Fleet.Packets(second).Order(), byAmqp.Order());
    }

    [Fact]
    public async Task Three_agents_of_which_one_is_killed_and_one_stops_and_a_restarted_broker_lose_nothing_and_keep_the_order_of_each_leg()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        List<HepBridgeProcess> agents = [];
        for (int i = 0; i < 3; i++)
        {
            agents.Add(fleet.StartAgent($"agent{i}", new JsonObject { ["queue"] = "group", ["partitions"] = 12 }));
            await agents[i].SeesAsync("connected to amqp://");
        }

        (string, string)[][] messages = [.. Enumerable.Range(1, Switches).Select(number => RecordedMessages.Of(number).ToArray())];
        int quarter = messages[0].Length / 4;
        await PublishAsync(fleet, messages, 0, quarter);
        await agents[0].CrashAsync();
        await PublishAsync(fleet, messages, quarter, 2 * quarter);
        Assert.Equal(0, await agents[1].EndAsync());
        await PublishAsync(fleet, messages, 2 * quarter, 3 * quarter);
        await fleet.Broker.RestartAsync();
        await PublishAsync(fleet, messages, 3 * quarter, messages[0].Length);
        await fleet.DrainedAsync();
        Assert.Equal(0, await agents[2].EndAsync());

        ILookup<string, string> received = Fleet.Packets(fleet.Collector).ToLookup(packet => packet.CallId, packet => packet.Text);
        Dictionary<string, string[]> expected = await ExpectedAsync(fleet);
        int doubles = received.Sum(call => call.Count()) - expected.Values.Sum(call => call.Length);
        output.WriteLine($"{expected.Count} calls of {Switches} switches, {expected.Values.Sum(call => call.Length)} packets, {doubles} doubles");
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), received.Select(call => call.Key).Order(StringComparer.Ordinal));
        Assert.All(expected, call => Assert.Equal(call.Value, received[call.Key].Distinct()));
        Assert.True(doubles >= 0, "fewer packets than events");
    }

    // By one agent without any fault: each leg's packets in order.
    private static async Task<Dictionary<string, string[]>> ExpectedAsync(Fleet fleet)
    {
        await using Setup setup = new();
        HepBridgeProcess collector = await setup.StartCollectorAsync();
        JsonObject input = new() { ["AMQP_SERVER"] = "127.0.0.1", ["AMQP_PORT"] = fleet.Broker.Port, ["queue"] = "single", ["bindings"] = new JsonArray("#") };
        setup.Save(Fleet.Configuration(setup, input, "amqp_config"));
        HepBridgeProcess agent = setup.Start("run", "--config", setup.ConfigurationPath);
        await agent.SeesAsync("connected to amqp://");
        await PublishAsync(fleet, [.. Enumerable.Range(1, Switches).Select(number => RecordedMessages.Of(number).ToArray())], 0, RecordedMessages.All.Count);
        await Fleet.QuietAsync(collector);
        Assert.Equal(0, await agent.EndAsync());
        return Fleet.Packets(collector).GroupBy(packet => packet.CallId).ToDictionary(call => call.Key, call => call.Select(packet => packet.Text).Distinct().ToArray());
    }

    private static async Task PublishAsync(Fleet fleet, (string, string)[][] messages, int from, int to)
    {
        await using IConnection connection = await fleet.Broker.ConnectAsync();
        await Task.WhenAll(messages.Select(one => RecordedMessages.PublishAsync(connection, one[from..to])));
    }
}
