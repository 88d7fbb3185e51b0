using System.Text.Json.Nodes;

namespace HepBridge.EndToEndTests.Processes;

/// <summary>A recorded switch, a collector and a configuration that connects them: the start of most of these tests.</summary>
internal sealed class Setup : IAsyncDisposable
{
    public const string Recording = "Captures/esl/esl-plain.bin.gz";
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-").FullName;
    private readonly List<HepBridgeProcess> _processes = [];

    public static string RecordingPath { get; } = Path.Combine(AppContext.BaseDirectory, Recording);

    /// <summary>A temporary directory.</summary>
    public string Folder => _directory;

    /// <summary>The configuration file that <see cref="Save"/> writes.</summary>
    public string ConfigurationPath => Path.Combine(_directory, "config.json");

    public string EslPort { get; private set; } = "";

    public string HepPort { get; private set; } = "";

    public HepBridgeProcess Start(params string[] arguments) => Keep(HepBridgeProcess.Start(_directory, new Dictionary<string, string>(), arguments));

    public HepBridgeProcess Keep(HepBridgeProcess process)
    {
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts the recorded switch, on the same port each time.</summary>
    public Task<HepBridgeProcess> StartSwitchAsync(params string[] options) => StartSwitchOfAsync(RecordingPath, options);

    /// <summary>Starts a switch that plays another recording.</summary>
    public async Task<HepBridgeProcess> StartSwitchOfAsync(string recording, params string[] options)
    {
        HepBridgeProcess replay = Start(["replay", recording, "--port", EslPort.Length > 0 ? EslPort : "0", .. options]);
        EslPort = await replay.MatchesAsync(@"^Replaying .* on 127\.0\.0\.1:(\d+):");
        return replay;
    }

    /// <summary>Starts the collector, on the same port each time; it prints JSON.</summary>
    public async Task<HepBridgeProcess> StartCollectorAsync()
    {
        HepBridgeProcess listen = Start("listen", "--json", "--port", HepPort.Length > 0 ? HepPort : "0");
        HepPort = await listen.MatchesAsync(@"^listening on 127\.0\.0\.1:(\d+)");
        return listen;
    }

    /// <summary>The configuration that reads the switch and sends to the collector.</summary>
    public JsonObject Configuration(params string[] reports)
    {
        JsonObject esl = new() { ["ESL_SERVER"] = "127.0.0.1", ["ESL_PORT"] = EslPort };
        foreach (string flag in (string[])["call", "rtcp", "qos"])
        {
            esl[$"report_{flag}_events"] = reports.Contains(flag);
        }

        return new JsonObject { ["hep_config"] = new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = HepPort }, ["esl_config"] = esl };
    }

    /// <summary>Writes the configuration file as an editor does: another file, renamed.</summary>
    public void Save(JsonObject configuration)
    {
        string next = ConfigurationPath + "~";
        File.WriteAllText(next, configuration.ToJsonString());
        File.Move(next, ConfigurationPath, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HepBridgeProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
