using System.Globalization;
using System.Text.Json.Nodes;
using HepBridge.EndToEndTests.Processes;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>
/// The recorded session, played once to two real agents, and stored by two Kamailios in a real PostgreSQL together with
/// the switch's own SIP. One agent uses Homer 5's flavour, and sends by UDP to a Kamailio that acts as Homer 5, and by
/// UDP, TCP and TLS to one that stores every type; the other agent sends the reference flavour to the latter.
/// </summary>
public sealed class CollectedSession : IAsyncLifetime
{
    public const int Homer5Agent = 2001;
    public const int ReferenceAgent = 2002;
    public const string Key = "s3cret";

    // 63 s of calls in 3 s: some 500 packets per second over all transports, half of the rate at which Kamailio loses some.
    private const string Speed = "20";

    private readonly Setup _first = new();
    private readonly Setup _second = new();
    private PostgresServer? _postgres;
    private Kamailio? _homer5;
    private Kamailio? _everyType;
    private Task? _played;

    internal Kamailio Homer5 => _homer5!;

    internal Kamailio EveryType => _everyType!;

    /// <summary>The log of the agent with the reference flavour.</summary>
    internal IReadOnlyList<string> ReferenceLog { get; private set; } = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Plays it for the first test that needs it, once everything is known to be installed.</summary>
    public Task PlayedAsync()
    {
        Packages.RequireKamailioAndPostgres();
        return _played ??= PlayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? part in (IAsyncDisposable?[])[_first, _second, _homer5, _everyType, _postgres])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    internal Task<List<StoredPacket>> ReadAsync(string way) => way == "homer5" ? StoredPacket.OfHomer5Async(Homer5) : StoredPacket.OfEveryTypeAsync(EveryType, way, Homer5Agent);

    /// <summary>
    /// Plays the recording, with its own times, to an agent with these collectors; returns when the agent has sent
    /// everything and exited.
    /// </summary>
    internal static async Task<HepBridgeProcess> PlayAsync(Setup setup, string speed, string flavour, params JsonNode[] collectors)
    {
        HepBridgeProcess replay = await setup.StartSwitchAsync("--speed", speed, "--once", "--keep-times");
        JsonObject configuration = setup.Configuration("call", "rtcp", "qos");
        configuration["hep_config"] = new JsonArray(collectors);
        configuration["reports"] = new JsonObject { ["flavour"] = flavour, ["max_clock_skew"] = 0 };
        setup.Save(configuration);
        HepBridgeProcess agent = setup.Start("run");
        Assert.Equal(0, await replay.ExitAsync());
        await agent.SeesAsync("closed the connection. Retrying in");
        Assert.Equal(0, await agent.EndAsync());
        return agent;
    }

    internal static JsonObject Collector(int port, string transport = "udp") => new()
    {
        ["HEP_SERVER"] = transport == "tls" ? "localhost" : "127.0.0.1",
        ["HEP_PORT"] = port,
        ["HEP_TRANSPORT"] = transport,
    };

    private async Task PlayAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _homer5 = await Kamailio.StartHomer5Async(_postgres);
        _everyType = await Kamailio.StartForEveryTypeAsync(_postgres, "every_type");
        JsonObject tls = Collector(EveryType.TlsPort, "tls");
        tls["tls_ca"] = EveryType.Certificate.Path;
        Task<HepBridgeProcess> first = PlayAsync(
            _first, Speed, "homer5", Collector(Homer5.Port), Collector(EveryType.Port), Collector(EveryType.Port, "tcp"), tls);
        JsonObject reference = Collector(EveryType.Port);
        (reference["HEP_ID"], reference["HEP_PASS"]) = (ReferenceAgent, Key);
        Task<HepBridgeProcess> second = PlayAsync(_second, Speed, "reference", reference, Collector(EveryType.TlsPort, "tls"));
        await Task.WhenAll(
            first,
            second,
            SwitchSip.SendAsync(Homer5.Port, SwitchSip.Packets, sent => Homer5.CountsAsync(sent, "select count(*) from sip_capture")),
            SwitchSip.SendAsync(EveryType.Port, SwitchSip.Packets, sent => EveryType.CountsAsync(sent, "select count(*) from hep_packet where type = 1")));

        long made = long.Parse(await (await first).MatchesAsync(@"Total: .*; (\d+) packets;"), CultureInfo.InvariantCulture);
        await Homer5.CountsAsync(made, "select count(*) from captured where type <> 1");
        foreach (string via in (string[])["udp", "tcp", "tls"])
        {
            await EveryType.CountsAsync(made, $"select count(*) from hep_packet where type <> 1 and via = '{via}' and capture_id = {Homer5Agent}");
        }

        await EveryType.CountsAsync(made, $"select count(*) from hep_packet where capture_id = {ReferenceAgent}");
        ReferenceLog = (await second).Lines;
    }
}
