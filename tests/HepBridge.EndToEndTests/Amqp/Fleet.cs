using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HepBridge.EndToEndTests.Processes;
using RabbitMQ.Client;

namespace HepBridge.EndToEndTests.Amqp;

/// <summary>A broker with mod_amqp's exchange, a collector, and agents between them.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    /// <summary>The routing key of a group names only the switch.</summary>
    public static readonly string[] GroupKey = ["--format-fields", "#FreeSWITCH,FreeSWITCH-Hostname"];

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);
    private readonly HttpClient _client = new();

    private Fleet(RabbitNode broker) => Broker = broker;

    public RabbitNode Broker { get; }

    public Setup Setup { get; } = new();

    public HepBridgeProcess Collector { get; private set; } = null!;

    public static async Task<Fleet> StartAsync()
    {
        Fleet fleet = new(await RabbitNode.StartAsync());
        fleet.Collector = await fleet.Setup.StartCollectorAsync();
        await using IConnection connection = await fleet.Broker.ConnectAsync();
        await RecordedMessages.DeclareExchangeAsync(connection);
        return fleet;
    }

    /// <summary>Starts an agent that reports calls, with further keys of its input.</summary>
    public HepBridgeProcess StartAgent(string name, JsonObject input, params string[] reports) => Setup.Start("run", "--config", Write(name, input, reports));

    /// <summary>Starts a stand-in for a switch.</summary>
    public HepBridgeProcess StartSwitch(params string[] options) => Setup.Start(
        ["replay", Path.Combine(AppContext.BaseDirectory, "Captures", "esl-json.bin.gz"), "--amqp", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Broker.Port}"), .. options]);

    /// <summary>Writes an agent's configuration.</summary>
    public string Write(string name, JsonObject input, params string[] reports)
    {
        JsonObject section = new() { ["AMQP_SERVER"] = "127.0.0.1", ["AMQP_PORT"] = Broker.Port };
        foreach ((string key, JsonNode? value) in input)
        {
            section[key] = value?.DeepClone();
        }

        JsonObject configuration = Configuration(Setup, section, "amqp_config", reports);
        configuration["metrics"] = new JsonObject { ["listen"] = "127.0.0.1:0" };
        string path = Path.Combine(Setup.Folder, $"{name}.json");
        File.WriteAllText(path, configuration.ToJsonString());
        return path;
    }

    public static JsonObject Configuration(Setup setup, JsonObject input, string section, params string[] reports)
    {
        foreach (string flag in (string[])["rtcp", "qos", "registration"])
        {
            input[$"report_{flag}_events"] = reports.Contains(flag);
        }

        return new JsonObject
        {
            ["hep_config"] = new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = setup.HepPort, ["HEP_TRANSPORT"] = "tcp" },
            ["reports"] = new JsonObject { ["max_clock_skew"] = "0s" },
            [section] = input,
        };
    }

    /// <summary>Waits until a metric of an agent has this value or a larger one.</summary>
    public async Task MetricAsync(HepBridgeProcess agent, string name, double atLeast)
    {
        string text = "";
        await UntilAsync(async () =>
        {
            text = await GetAsync(agent, "metrics");
            return text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))
                .Any(line => double.Parse(line.AsSpan(line.LastIndexOf(' ')), CultureInfo.InvariantCulture) >= atLeast);
        }, () => $"{name} stays below {atLeast}:\n{text}");
    }

    /// <summary>Waits until an agent's health contains a text.</summary>
    public async Task HealthAsync(HepBridgeProcess agent, string text)
    {
        string health = "";
        await UntilAsync(async () =>
        {
            using JsonDocument document = JsonDocument.Parse(await GetAsync(agent, "health"));
            health = document.RootElement.ToString();
            return Strings(document.RootElement).Any(value => value.Contains(text, StringComparison.Ordinal));
        }, () => $"no \"{text}\" in {health}");
    }

    /// <summary>Waits until the collector is quiet and no queue of the broker has messages: an agent may take long to connect to a restarted broker.</summary>
    public Task DrainedAsync()
    {
        string queues = "";
        return UntilAsync(async () =>
        {
            await QuietAsync(Collector);
            queues = await Broker.ControlAsync("list_queues", "name", "messages", "--silent");
            string[] rows = [.. queues.Split('\n').Where(line => line.Contains('\t', StringComparison.Ordinal))];
            return rows.Length > 0 && Array.TrueForAll(rows, row => row.TrimEnd().EndsWith("\t0", StringComparison.Ordinal));
        }, () => $"messages remain:\n{queues}");
    }

    /// <summary>Waits until nothing has come for a while.</summary>
    public static async Task QuietAsync(HepBridgeProcess collector)
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

    /// <summary>What a collector printed so far: Call-ID, and everything else but the sender.</summary>
    public static (string CallId, string Text)[] Packets(HepBridgeProcess collector) => [.. collector.Lines.Where(line => line.StartsWith('{')).Select(line =>
    {
        using JsonDocument packet = JsonDocument.Parse(line);
        JsonElement root = packet.RootElement;
        return (root.GetProperty("correlation_id").ToString(),
            string.Join('|', ((string[])["time", "type", "src_ip", "src_port", "dst_ip", "dst_port", "payload"]).Select(name => root.GetProperty(name).ToString())));
    })];

    /// <summary>Polls a condition.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> complaint)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < _patience, complaint());
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Setup.DisposeAsync();
        await Broker.DisposeAsync();
    }

    private async Task<string> GetAsync(HepBridgeProcess agent, string path)
    {
        Uri address = new(await agent.MatchesAsync("Metrics and health are at (http://.*/)metrics and"));
        using HttpResponseMessage response = await _client.GetAsync(new Uri(address, path), TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
