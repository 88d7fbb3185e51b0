using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Inputs;
using HepBridge.Inputs.Janus;
using HepBridge.Replay;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Hosting;
using HepBridge.Tests.Inputs.Janus;
using HepBridge.Tests.Inputs.Packets;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Outputs.Streams;

namespace HepBridge.Tests.Documentation.Examples;

/// <summary>The surroundings of one example: its switches, multicast groups, log files and collectors, all on this host, and its configuration changed accordingly.</summary>
internal sealed class ExampleSite : IAsyncDisposable
{
    /// <summary>Text of the line that is written to each log file.</summary>
    public const string LogText = "a line of the example";

    private const string Secret = "secret";

    private static readonly Recording _session = Recording.LoadDemo();
    private static readonly Recording _otherSession = Load("psk.esl.bin.gz");
    private static readonly Recording _multicastSession = Load("all.frames.gz");

    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge").FullName;
    private readonly TestCertificates _certificates = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly List<IDisposable> _switches = [];
    private readonly List<ExampleCollector> _collectors = [];
    private readonly string _path;

    public ExampleSite(string example)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, example));
        JsonObject configuration = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();
        foreach ((string section, JsonNode? value) in configuration)
        {
            foreach (JsonObject part in value is JsonArray parts ? [.. parts.Select(static part => part!.AsObject())] : value is JsonObject one ? [one] : Array.Empty<JsonObject>())
            {
                Replace(section, part);
            }
        }

        _path = Path.Combine(_directory, "config.json");
        File.WriteAllText(_path, configuration.ToJsonString());
    }

    public IReadOnlyList<ExampleCollector> Collectors => _collectors;

    public AgentConfiguration ReadConfiguration()
    {
        ConfigurationResult result = ConfigurationReader.Read(_path, new ConfigurationEnvironment { Variables = new Dictionary<string, string>() }, InputKinds.BuiltIn.Sections);
        Assert.Empty(result.Lines());
        return result.Configuration!;
    }

    /// <summary>Feeds the inputs that do not connect to a switch by themselves, once they are up.</summary>
    public async Task PlayAsync(IReadOnlyList<IInput> inputs)
    {
        foreach (IInput input in inputs)
        {
            await Eventually.True(() => input.IsUp, () => $"{input.Identity} is not {input.UpWord}: {input.CurrentState.Problem}");
            if (input.Configuration is MulticastInputConfiguration group)
            {
                MulticastSender sender = new(new MulticastSenderOptions { Group = new IPEndPoint(group.Addresses[0], group.Port), Psk = group.Psk });
                _switches.Add(sender);
                _running.Add(new MulticastReplay(_multicastSession, new PlaybackOptions { Speed = 20, Loop = true }, sender, TimeProvider.System).RunAsync(_stop.Token));
            }
            else if (input.Configuration is LogFilesInputConfiguration logs)
            {
                Assert.All(logs.Sources, static source => WriteLine(source));
            }
            else if (input.Configuration is HepInputConfiguration hep)
            {
                using Socket agent = new(hep.Listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                Assert.All(SipCapture.Session.Take(20), packet => agent.SendTo(packet, hep.Listen));
            }
            else if (input is JanusInput { Configuration: JanusInputConfiguration janus } receiver)
            {
                await PostSessionAsync(receiver.Address!, janus);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _switches.ForEach(static one => one.Dispose());
        foreach (ExampleCollector collector in _collectors)
        {
            await collector.DisposeAsync();
        }

        _certificates.Dispose();
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Replace(string section, JsonObject part)
    {
        foreach (string key in (string[])["ESL_PASS_FILE", "HEP_PASS_FILE"])
        {
            if (part.ContainsKey(key))
            {
                part[key] = NewFile(key, Secret + "\n");
            }
        }

        switch (section)
        {
            case "hep_config":
                _collectors.Add(new ExampleCollector(part, _certificates));
                if (part["spool"] is JsonObject spool)
                {
                    spool["path"] = Path.Combine(_directory, "spool");
                }

                break;
            case "esl_config":
                ReplaceSwitch(part);
                break;
            case "multicast_config":
                (part["MULTICAST_ADDRESS"], part["MULTICAST_PORT"]) = ("127.0.0.1", FreePort.Next());
                part.Remove("MULTICAST_INTERFACE");
                (part["allowed_senders"] as JsonArray)?.Add("127.0.0.1");
                break;
            case "logs_config":
                part["state_path"] = Path.Combine(_directory, "positions.json");
                foreach (JsonNode? log in part["logs"]!.AsArray())
                {
                    log!["path"] = NewFile("log", "");
                }

                break;
            case "hep_input":
                part["listen"] = $"127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}";
                (part["allowed_senders"] as JsonArray)?.Add("127.0.0.1");
                break;
            case "janus_config" or "metrics" or "web":
                part["listen"] = "127.0.0.1:0";
                break;
            case "amqp_config":
                // Only read here: running it takes a broker.
                break;
            default:
                Assert.True(InputKinds.BuiltIn.All.All(kind => kind.Section.Name != section), $"Replace {section} here, and feed it in PlayAsync, so that its example runs.");
                break;
        }
    }

    // Each switch needs a session of its own: events of one Core-UUID are reported once.
    private void ReplaceSwitch(JsonObject part)
    {
        string password = (string?)part["ESL_PASS"] ?? (part.ContainsKey("ESL_PASS_FILE") ? Secret : "ClueCon");
        ReplayServer server = new(
            _switches.Count == 0 ? _session : _otherSession, new ReplayServerOptions { Password = password, Stay = true, Playback = new PlaybackOptions { Speed = 0 } }, TimeProvider.System);
        _switches.Add(server);
        _running.Add(server.RunAsync(_stop.Token));
        (part["ESL_SERVER"], part["ESL_PORT"]) = ("127.0.0.1", server.EndPoint.Port);
    }

    // The line belongs to a channel of the recorded session, or to its Call-ID.
    private static void WriteLine(LogFileSource source)
    {
        RecordedFrame answer = _session.Frames.First(static frame => frame.Name == "CHANNEL_ANSWER");
        string uuid = _session.HeaderOf(answer, "Unique-ID"u8);
        string callId = _session.HeaderOf(answer, "variable_sip_call_id"u8);
        string time = DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        string[] lines = [$"{uuid} {time} 98.33% [NOTICE] sofia.c:7084 {LogText}", $"{time} NOTICE callid={callId} {LogText}"];
        string? line = Array.Find(lines, line => source.Patterns.Any(pattern => pattern.TryMatch(line, out _)));
        Assert.True(line is not null, $"No line here matches the patterns of {source.Path}: add one.");
        File.AppendAllText(source.Path, line + "\n");
    }

    // As Janus's event handler with backend_user and backend_pwd of the example.
    private static async Task PostSessionAsync(Uri address, JanusInputConfiguration configuration)
    {
        using HttpClient client = new();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{configuration.User}:{configuration.Password}")));
        foreach (string body in JanusRig.Session)
        {
            using StringContent content = new(body);
            using HttpResponseMessage response = await client.PostAsync(address, content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static Recording Load(string file) => Recording.Load(Path.Combine(AppContext.BaseDirectory, "Captures", "multicast", file));

    private string NewFile(string name, string content)
    {
        string path = Path.Combine(_directory, $"{name}-{Guid.NewGuid():N}");
        File.WriteAllText(path, content);
        return path;
    }
}
