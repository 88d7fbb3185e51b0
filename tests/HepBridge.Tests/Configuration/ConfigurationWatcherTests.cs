using System.Collections.Concurrent;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Hosting;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Configuration;

public sealed class ConfigurationWatcherTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-").FullName;
    private readonly ManualTime _time = new();
    private readonly Lines _log = new();
    private readonly List<AgentConfiguration> _taken = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Several_steps_of_saving_cause_one_reload()
    {
        int readings = 0;
        using ConfigurationWatcher watcher = Watcher(() =>
        {
            readings++;
            return Json(9070);
        });
        watcher.Reload();
        _time.Advance(ConfigurationWatcher.Settle / 2);
        watcher.Reload();
        _time.Advance(ConfigurationWatcher.Settle / 2);
        Assert.Equal(0, readings);
        _time.Advance(ConfigurationWatcher.Settle / 2);
        Assert.Equal(1, readings);
        Assert.Equal(9070, Assert.Single(_taken).Outputs[0].Servers[0].Port);
        Assert.Equal(["Information 1150 Configuration reloaded from config.json"], _log);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, readings);
    }

    [Fact]
    public void An_invalid_file_is_reported_with_all_errors_and_the_current_one_stays()
    {
        string json = """{ "hep_config": { "HEP_PORT": "x" }, "esl_config": { "ESL_PORT": "y" }, "janus_config": { "listen": "0.0.0.0:7777" } }""";
        using ConfigurationWatcher watcher = Watcher(() => json);
        watcher.Reload();
        _time.Advance(ConfigurationWatcher.Settle);
        Assert.Empty(_taken);
        Assert.Equal(
            [
                "Error 1100 Configuration: hep_config.HEP_PORT: \"x\" is not a port; write a whole number from 1 to 65535.",
                "Error 1100 Configuration: esl_config.ESL_PORT: \"y\" is not a port; write a whole number from 1 to 65535.",
                "Warning 1101 Configuration: janus_config.listen: anyone who reaches 0.0.0.0:7777 can send events; set API_PASS, or allowed_senders.",
                "Error 1151 Configuration config.json rejected (2 errors); keeping the current one",
            ],
            _log);
        json = Json(9071);
        watcher.Reload();
        _time.Advance(ConfigurationWatcher.Settle);
        Assert.Equal(9071, Assert.Single(_taken).Outputs[0].Servers[0].Port);
    }

    [Fact]
    public void A_deleted_file_changes_nothing()
    {
        using ConfigurationWatcher watcher = Watcher(() => throw new FileNotFoundException());
        watcher.Reload();
        _time.Advance(ConfigurationWatcher.Settle);
        Assert.Empty(_taken);
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public void A_callback_that_throws_is_logged_and_the_next_reload_still_happens()
    {
        int calls = 0;
        using ConfigurationWatcher watcher = new("config.json", Environment(() => Json(1)), InputKinds.BuiltIn.Sections, _time, _log, _ =>
        {
            calls++;
            throw new InvalidOperationException("no");
        });
        for (int round = 0; round < 2; round++)
        {
            watcher.Reload();
            _time.Advance(ConfigurationWatcher.Settle);
        }

        Assert.Equal(2, calls);
        Assert.All(_log, line => Assert.StartsWith("Error 1153 ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void After_disposal_nothing_is_read()
    {
        ConfigurationWatcher watcher = Watcher(() => Json(1));
        watcher.Reload();
        watcher.Dispose();
        watcher.Reload();
        _time.Advance(ConfigurationWatcher.Settle);
        Assert.Empty(_taken);
    }

    [Fact]
    public void A_missing_directory_is_a_warning_and_reload_still_works()
    {
        string path = Path.Combine(_directory, "gone", "config.json");
        using ConfigurationWatcher watcher = new(path, Environment(() => Json(9072)), InputKinds.BuiltIn.Sections, _time, _log, _taken.Add);
        watcher.Start();
        Assert.StartsWith("Warning 1152 ", Assert.Single(_log), StringComparison.Ordinal);
        watcher.Reload();
        _time.Advance(ConfigurationWatcher.Settle);
        Assert.Single(_taken);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("rename")]
    [InlineData("delete and create")]
    [InlineData("mounted")]
    public async Task Saving_the_real_file_is_noticed(string way)
    {
        string path = Path.Combine(_directory, "config.json");
        string mounted = Path.Combine(_directory, "..2026_1");
        if (way == "mounted")
        {
            Directory.CreateDirectory(mounted);
            File.WriteAllText(Path.Combine(mounted, "config.json"), Json(1));
            Directory.CreateSymbolicLink(Path.Combine(_directory, "..data"), mounted);
            File.CreateSymbolicLink(path, Path.Combine(_directory, "..data", "config.json"));
        }
        else
        {
            File.WriteAllText(path, Json(1));
        }

        TaskCompletionSource<AgentConfiguration> taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConfigurationEnvironment environment = new() { Variables = new Dictionary<string, string>() };
        using ConfigurationWatcher watcher = new(path, environment, InputKinds.BuiltIn.Sections, TimeProvider.System, _log, configuration =>
        {
            if (configuration.Outputs[0].Servers[0].Port == 2)
            {
                taken.TrySetResult(configuration);
            }
        });
        watcher.Start();
        switch (way)
        {
            case "write":
                File.WriteAllText(path, Json(2));
                break;
            case "rename":
                File.WriteAllText(path + ".tmp", Json(2));
                File.Move(path + ".tmp", path, overwrite: true);
                break;
            case "delete and create":
                File.Delete(path);
                File.WriteAllText(path, Json(2));
                break;
            default:
                string next = Path.Combine(_directory, "..2026_2");
                Directory.CreateDirectory(next);
                File.WriteAllText(Path.Combine(next, "config.json"), Json(2));
                Directory.CreateSymbolicLink(Path.Combine(_directory, "..data_tmp"), next);
                Directory.Delete(Path.Combine(_directory, "..data"));
                Directory.Move(Path.Combine(_directory, "..data_tmp"), Path.Combine(_directory, "..data"));
                break;
        }

        await taken.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static string Json(int port) => $$"""{ "hep_config": { "HEP_PORT": {{port}} }, "esl_config": {} }""";

    private static ConfigurationEnvironment Environment(Func<string> json) =>
        new() { Variables = new Dictionary<string, string>(), ReadFile = _ => Encoding.UTF8.GetBytes(json()) };

    private ConfigurationWatcher Watcher(Func<string> json) => new("config.json", Environment(json), InputKinds.BuiltIn.Sections, _time, _log, _taken.Add);

    private sealed class Lines : ConcurrentQueue<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)}");
    }
}
