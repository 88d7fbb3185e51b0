using System.Text.Json.Nodes;

namespace HepBridge.Benchmarks.Load;

/// <summary>The HepBridge to measure: the build in this program's directory, or another one.</summary>
internal sealed class Agent(string path) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-load-").FullName;

    /// <summary>This program's own build.</summary>
    public static string ThisBuild => Path.Combine(AppContext.BaseDirectory, "HepBridge");

    /// <summary><c>leg_linger</c>; null: the default.</summary>
    public string? Linger { get; init; }

    public ChildProcess Start(int eventSocket, int collector)
    {
        JsonObject configuration = new()
        {
            ["esl_config"] = new JsonObject { ["ESL_SERVER"] = "127.0.0.1", ["ESL_PORT"] = eventSocket, ["ESL_PASS"] = "ClueCon" },
            ["hep_config"] = new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = collector },
            ["statistics_interval"] = "0",
        };
        if (Linger is { } linger)
        {
            configuration["reports"] = new JsonObject { ["leg_linger"] = linger };
        }

        string file = Path.Combine(_directory, "config.json");
        File.WriteAllText(file, configuration.ToJsonString());
        return ChildProcess.Start(path, "run", "--config", file);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
