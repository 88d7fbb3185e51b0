using System.Globalization;
using HepBridge.EndToEndTests.Collectors;
using HepBridge.Tests.Hosting;

namespace HepBridge.EndToEndTests.Janus;

/// <summary>Debian's Janus with its SIP plugin and its sample event handler, as a plain process with a configuration of its own.</summary>
internal sealed class JanusProcess : IAsyncDisposable
{
    private const int SigInt = 2;
    private const string Modules = "/usr/lib/x86_64-linux-gnu/janus";
    private readonly ToolProcess _process;

    private JanusProcess(ToolProcess process, int apiPort)
    {
        _process = process;
        ApiPort = apiPort;
    }

    /// <summary>The port of its REST API.</summary>
    public int ApiPort { get; }

    public static async Task<JanusProcess> StartAsync(string directory, Uri backend, string password)
    {
        int apiPort = FreePort.Next();
        Write(directory, "janus.jcfg", $$"""
            general: {
                configs_folder = "{{directory}}"
                plugins_folder = "{{Modules}}/plugins"
                transports_folder = "{{Modules}}/transports"
                events_folder = "{{Modules}}/events"
                loggers_folder = "{{Modules}}/loggers"
                server_name = "gw1"
            }
            nat: { full_trickle = true  keep_private_host = true }
            plugins: { disable = "{{string.Join(',', Others("plugins", "sip", "echotest"))}}" }
            transports: { disable = "{{string.Join(',', Others("transports", "http"))}}" }
            events: { broadcast = true  stats_period = 1  disable = "{{string.Join(',', Others("events", "sampleevh"))}}" }
            """);
        Write(directory, "janus.transport.http.jcfg", $$"""
            general: { json = "compact"  base_path = "/janus"  http = true  port = {{apiPort}}  ip = "127.0.0.1"  https = false }
            admin: { admin_http = false }
            """);
        Write(directory, "janus.plugin.sip.jcfg", """general: { local_ip = "127.0.0.1"  rtp_port_range = "22000-22999"  events = true }""");
        Write(directory, "janus.plugin.echotest.jcfg", "general: { events = true }");

        // As the example, but for the address and the password.
        string example = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Janus", "janus.eventhandler.sampleevh.jcfg"));
        Write(directory, "janus.eventhandler.sampleevh.jcfg", example.Replace("http://127.0.0.1:7777", backend.ToString(), StringComparison.Ordinal).Replace("change-me", password, StringComparison.Ordinal));
        ToolProcess process = ToolProcess.Start(directory, Packages.Janus, "-F", directory);
        JanusProcess janus = new(process, apiPort);
        using HttpClient client = new();
        bool isUp = await process.ReachesAsync(
            async () =>
            {
                try
                {
                    using HttpResponseMessage answer = await client.GetAsync(janus.Page);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "an API");
        Assert.True(isUp, process.Output);
        return janus;
    }

    /// <summary>A page of its origin.</summary>
    public string Page => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ApiPort}/janus/info");

    /// <summary>Ends it as its service does; it says so in a last event.</summary>
    public Task EndAsync() => _process.EndAsync(SigInt);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static void Write(string directory, string name, string text) => File.WriteAllText(Path.Combine(directory, name), text);

    private static IEnumerable<string> Others(string kind, params string[] wanted) =>
        Directory.EnumerateFiles(Path.Combine(Modules, kind), "*.so").Select(path => Path.GetFileName(path)!).Where(name => !wanted.Any(part => name == $"libjanus_{part}.so"));
}
