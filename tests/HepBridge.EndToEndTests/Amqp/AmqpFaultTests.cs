using System.Text.Json.Nodes;
using HepBridge.EndToEndTests.Outputs;
using HepBridge.EndToEndTests.Processes;
using RabbitMQ.Client;

namespace HepBridge.EndToEndTests.Amqp;

/// <summary>Each fault between an agent and a real broker has its own sentence: in the log, in health and, where it can be found beforehand, in <c>check</c>.</summary>
[Collection(nameof(Alone))]
public sealed class AmqpFaultTests
{
    [Fact]
    public async Task What_the_broker_refuses_is_said_in_log_health_and_check()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        await using (IConnection connection = await fleet.Broker.ConnectAsync())
        {
            await using IChannel channel = await connection.CreateChannelAsync();
            await channel.ExchangeDeclareAsync("Fan.Events", ExchangeType.Fanout, durable: true);
        }

        await SaysAsync(fleet, "login", new JsonObject { ["AMQP_PASS"] = "wrong" }, "refuses the login of user guest: correct AMQP_USER and AMQP_PASS");
        await SaysAsync(fleet, "vhost", new JsonObject { ["AMQP_VHOST"] = "nowhere" }, "has no virtual host nowhere: create it with 'rabbitmqctl add_vhost', or correct AMQP_VHOST");
        await SaysAsync(fleet, "exchange", new JsonObject { ["exchange"] = "Nobody.Events" }, "has no exchange Nobody.Events in vhost /: mod_amqp creates it when it connects");
        await SaysAsync(fleet, "type", new JsonObject { ["exchange"] = "Fan.Events" }, "The exchange Fan.Events of RabbitMQ");
        await SaysAsync(fleet, "port", new JsonObject { ["AMQP_PORT"] = int.Parse(fleet.Setup.HepPort, System.Globalization.CultureInfo.InvariantCulture) }, "if this happens at once, check AMQP_PORT, and set tls if it speaks TLS");
    }

    [Fact]
    public async Task A_queue_deleted_under_the_consumer_is_declared_again()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        HepBridgeProcess agent = fleet.StartAgent("agent", new JsonObject { ["queue"] = "doomed" });
        await agent.SeesAsync("connected to amqp://");
        await using IConnection connection = await fleet.Broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync("doomed", cancellationToken: TestContext.Current.CancellationToken);
        int from = agent.Lines.ToList().FindIndex(line => line.Contains("connected to amqp://", StringComparison.Ordinal)) + 1;
        await agent.SeesAsync("The queue doomed of RabbitMQ 127.0.0.1");
        await agent.SeesAsync("connected to amqp://", from);
        await RecordedMessages.PublishAsync(connection, RecordedMessages.All);
        await fleet.Collector.SeesAsync("HANGUP_COMPLETE");
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task A_restarted_broker_is_reported_and_found_again()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        HepBridgeProcess agent = fleet.StartAgent("agent", []);
        await agent.SeesAsync("connected to amqp://");
        await fleet.Broker.StopAsync();
        await agent.SeesAsync("closed the connection: it stops or an operator closed it");
        await fleet.HealthAsync(agent, "Cannot reach RabbitMQ 127.0.0.1");
        int from = agent.Count;
        await fleet.Broker.StartAgainAsync();
        await agent.SeesAsync("connected to amqp://", from);
        await using IConnection connection = await fleet.Broker.ConnectAsync();
        await RecordedMessages.PublishAsync(connection, RecordedMessages.All);
        await fleet.Collector.SeesAsync("HANGUP_COMPLETE");
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task A_broker_that_blocks_publishers_is_reported_until_it_accepts_messages_again()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        HepBridgeProcess agent = fleet.StartAgent("agent", []);
        await agent.SeesAsync("connected to amqp://");
        await fleet.Broker.ControlAsync("set_vm_memory_high_watermark", "0.000001");
        await agent.SeesAsync("the broker blocks publishers");
        await fleet.HealthAsync(agent, "the switches' events wait in mod_amqp and are lost once its queue is full");
        await fleet.Broker.ControlAsync("set_vm_memory_high_watermark", "0.4");
        await agent.SeesAsync("the broker accepts messages again");
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task A_collector_that_reads_nothing_leaves_the_messages_in_the_broker_and_degrades_health()
    {
        await using Fleet fleet = await Fleet.StartAsync();
        string path = fleet.Write("agent", new JsonObject { ["bindings"] = new JsonArray("#") }, "rtcp", "qos");
        JsonNode configuration = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        configuration["hep_config"]!["ring"] = "256KB";
        await File.WriteAllTextAsync(path, configuration.ToJsonString(), TestContext.Current.CancellationToken);
        HepBridgeProcess agent = fleet.Setup.Start("run", "--config", path);
        await agent.SeesAsync("connected to amqp://");
        fleet.Collector.Freeze();
        await using IConnection connection = await fleet.Broker.ConnectAsync();
        await Task.WhenAll(Enumerable.Range(1, 12).Select(number => RecordedMessages.PublishAsync(connection, RecordedMessages.Of(number))));
        await agent.SeesAsync("the outputs are busy: reading pauses, messages wait in the broker");
        await fleet.HealthAsync(agent, "messages wait in the queue: the collectors are too slow or away");
        await fleet.MetricAsync(agent, "hepbridge_amqp_waiting{", atLeast: 1);
        await fleet.MetricAsync(agent, "hepbridge_amqp_unacknowledged{", atLeast: 1);
        await fleet.MetricAsync(agent, "hepbridge_amqp_lag_seconds{", atLeast: 30);
    }

    private static async Task SaysAsync(Fleet fleet, string name, JsonObject input, string sentence)
    {
        string path = fleet.Write(name, input);
        HepBridgeProcess agent = fleet.Setup.Start("run", "--config", path);
        await agent.SeesAsync(sentence);
        await fleet.HealthAsync(agent, sentence);
        (int exitCode, string text) = await HepBridgeProcess.RunAsync("check", "--config", path, "--seconds", "1");
        Assert.Contains(sentence, text, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
        Assert.Equal(0, await agent.EndAsync());
    }
}
