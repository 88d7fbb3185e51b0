using System.Diagnostics;
using System.Text.Json;
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
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_recorded_session_gives_the_packets_of_the_event_socket_in_JSON()
    {
        await using RabbitNode broker = await RabbitNode.StartAsync();
        await using IConnection connection = await broker.ConnectAsync();
        await RecordedMessages.DeclareExchangeAsync(connection);
        await using Setup setup = new();
        HepBridgeProcess collector = await setup.StartCollectorAsync();
        HepBridgeProcess agent = StartAgent(setup, broker, "agent", partitions: 1, reports: true);
        await agent.SeesAsync("connected to amqp://");
        await RecordedMessages.PublishAsync(connection, RecordedMessages.All);
        await QuietAsync(collector);
        Assert.Equal(0, await agent.EndAsync());
        string[] byAmqp = Packets(collector);

        await using Setup other = new();
        HepBridgeProcess second = await other.StartCollectorAsync();
        await other.StartSwitchOfAsync(Path.Combine(AppContext.BaseDirectory, "Captures", "esl-json.bin.gz"), "--burst", "--keep-times", "--stay");
        JsonObject configuration = Configuration(other, new JsonObject { ["ESL_PORT"] = other.EslPort, ["event_format"] = "json" }, "esl_config", reports: true);
        other.Save(configuration);
        HepBridgeProcess bySocket = other.Start("run", "--config", other.ConfigurationPath);
        await bySocket.SeesAsync("connected, receiving events");
        await QuietAsync(second);
        Assert.Equal(0, await bySocket.EndAsync());
        Assert.NotEmpty(byAmqp);
        Assert.Equal(Packets(second).Order(StringComparer.Ordinal), byAmqp.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Three_agents_of_which_one_is_killed_and_one_stops_and_a_restarted_broker_lose_nothing()
    {
        await using RabbitNode broker = await RabbitNode.StartAsync();
        await using Setup setup = new();
        HepBridgeProcess collector = await setup.StartCollectorAsync();
        IConnection connection = await broker.ConnectAsync();
        await RecordedMessages.DeclareExchangeAsync(connection);
        List<HepBridgeProcess> agents = [];
        for (int i = 0; i < 3; i++)
        {
            agents.Add(StartAgent(setup, broker, $"agent{i}", partitions: 12, reports: false));
            await agents[i].SeesAsync("connected to amqp://");
        }

        (string, string)[][] messages = [.. Enumerable.Range(1, Switches).Select(number => RecordedMessages.Of(number).ToArray())];
        int third = messages[0].Length / 4;
        await PublishAsync(connection, messages, 0, third);
        await agents[0].CrashAsync();
        await PublishAsync(connection, messages, third, 2 * third);
        Assert.Equal(0, await agents[1].EndAsync());
        await PublishAsync(connection, messages, 2 * third, 3 * third);
        await connection.DisposeAsync();
        await broker.RestartAsync();
        connection = await broker.ConnectAsync();
        await PublishAsync(connection, messages, 3 * third, messages[0].Length);
        await QuietAsync(collector);
        await connection.DisposeAsync();
        Assert.Equal(0, await agents[2].EndAsync());

        // The six switches differ only by their names, which call logs don't have.
        Dictionary<string, int> received = Packets(collector).GroupBy(packet => packet).ToDictionary(group => group.Key, group => group.Count());
        string[] once = await ExpectedAsync(broker);
        output.WriteLine($"{once.Length} packets of a switch, {received.Values.Sum()} received of {Switches} switches: {received.Values.Sum() - (Switches * once.Length)} doubles");
        string[] missing = [.. once.GroupBy(packet => packet).Where(group => received.GetValueOrDefault(group.Key) < Switches * group.Count()).Select(group => $"{received.GetValueOrDefault(group.Key)} × {group.Key}")];
        Assert.Empty(missing);
    }

    private static async Task<string[]> ExpectedAsync(RabbitNode broker)
    {
        await using Setup setup = new();
        HepBridgeProcess collector = await setup.StartCollectorAsync();
        HepBridgeProcess agent = StartAgent(setup, broker, "single", partitions: 1, reports: false);
        await agent.SeesAsync("connected to amqp://");
        await using IConnection connection = await broker.ConnectAsync();
        await RecordedMessages.PublishAsync(connection, RecordedMessages.All);
        await QuietAsync(collector);
        return Packets(collector);
    }

    private static Task PublishAsync(IConnection connection, (string, string)[][] messages, int from, int to) =>
        Task.WhenAll(messages.Select(one => RecordedMessages.PublishAsync(connection, one[from..to])));

    private static HepBridgeProcess StartAgent(Setup setup, RabbitNode broker, string name, int partitions, bool reports)
    {
        JsonObject input = new() { ["AMQP_SERVER"] = "127.0.0.1", ["AMQP_PORT"] = broker.Port, ["queue"] = partitions > 1 ? "group" : name, ["partitions"] = partitions };
        string path = Path.Combine(setup.Folder, $"{name}.json");
        File.WriteAllText(path, Configuration(setup, input, "amqp_config", reports).ToJsonString());
        return setup.Start("run", "--config", path);
    }

    private static JsonObject Configuration(Setup setup, JsonObject input, string section, bool reports)
    {
        input["report_rtcp_events"] = reports;
        input["report_qos_events"] = reports;
        input["report_registration_events"] = reports;
        return new JsonObject
        {
            ["hep_config"] = new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = setup.HepPort, ["HEP_TRANSPORT"] = "tcp" },
            ["reports"] = new JsonObject { ["max_clock_skew"] = "0s" },
            [section] = input,
        };
    }

    private static string[] Packets(HepBridgeProcess collector) => [.. collector.Lines.Where(line => line.StartsWith('{')).Select(line =>
    {
        using JsonDocument packet = JsonDocument.Parse(line);
        JsonElement root = packet.RootElement;
        return string.Join('|', ((string[])["time", "type", "correlation_id", "src_ip", "src_port", "dst_ip", "dst_port", "payload"]).Select(name => root.GetProperty(name).ToString()));
    })];

    // Until nothing has come for a while: longer than an agent takes to reconnect.
    private static async Task QuietAsync(HepBridgeProcess collector)
    {
        Stopwatch all = Stopwatch.StartNew();
        Stopwatch quiet = Stopwatch.StartNew();
        int count = collector.Count;
        while (quiet.Elapsed < TimeSpan.FromSeconds(8))
        {
            Assert.True(all.Elapsed < _patience, "packets go on and on");
            await Task.Delay(200, TestContext.Current.CancellationToken);
            if (collector.Count != count)
            {
                count = collector.Count;
                quiet.Restart();
            }
        }
    }
}
