using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace HepBridge.EndToEndTests.Processes;

/// <summary>Notifications from a service to its Type=notify unit; the test stands in for systemd.</summary>
[Collection(nameof(Processes))]
public class SystemdTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_notified_of_the_start_of_liveness_and_of_the_time_a_stop_may_take()
    {
        await using Setup setup = new();
        await setup.StartSwitchAsync("--loop");
        await setup.StartCollectorAsync();
        JsonObject configuration = setup.Configuration("call");
        configuration["shutdown_timeout"] = "45s";
        setup.Save(configuration);
        using Socket systemd = Listen(setup, out Dictionary<string, string> variables);
        HepBridgeProcess run = setup.Keep(HepBridgeProcess.Start(setup.Folder, variables, "run"));

        Assert.Equal("READY=1", await ReceiveAsync(systemd));
        Assert.Equal("WATCHDOG=1", await ReceiveAsync(systemd));
        Assert.Equal("WATCHDOG=1", await ReceiveAsync(systemd));
        Assert.Equal(0, await run.EndAsync());
        string last;
        do
        {
            last = await ReceiveAsync(systemd);
        }
        while (last == "WATCHDOG=1");
        Assert.Equal("STOPPING=1\nEXTEND_TIMEOUT_USEC=55000000", last);
    }

    [Fact]
    public async Task An_unreachable_switch_does_not_delay_the_start()
    {
        await using Setup setup = new();
        setup.Save(new JsonObject { ["hep_config"] = new JsonObject(), ["esl_config"] = new JsonObject { ["ESL_PORT"] = 1 } });
        using Socket systemd = Listen(setup, out Dictionary<string, string> variables);
        setup.Keep(HepBridgeProcess.Start(setup.Folder, variables, "run"));
        Assert.Equal("READY=1", await ReceiveAsync(systemd));
    }

    [Fact]
    public async Task An_agent_that_cannot_start_never_reports_ready()
    {
        await using Setup setup = new();
        using TcpListener taken = new(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        setup.Save(new JsonObject
        {
            ["hep_config"] = new JsonObject(),
            ["esl_config"] = new JsonObject { ["ESL_PORT"] = 1 },
            ["web"] = new JsonObject { ["listen"] = taken.LocalEndpoint.ToString() },
        });
        using Socket systemd = Listen(setup, out Dictionary<string, string> variables);
        HepBridgeProcess run = setup.Keep(HepBridgeProcess.Start(setup.Folder, variables, "run"));
        Assert.Equal(1, await run.ExitAsync());
        Assert.Equal(0, systemd.Available);
    }

    private static Socket Listen(Setup setup, out Dictionary<string, string> variables)
    {
        string path = Path.Combine(setup.Folder, "notify");
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        variables = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "1000000" };
        return socket;
    }

    private static async Task<string> ReceiveAsync(Socket systemd)
    {
        byte[] buffer = new byte[512];
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(buffer, 0, await systemd.ReceiveAsync(buffer, limit.Token));
    }
}
