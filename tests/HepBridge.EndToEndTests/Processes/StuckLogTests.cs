using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using HepBridge.EndToEndTests.Outputs;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.EndToEndTests.Processes;

/// <summary>Standard output is a pipe that nobody reads, like a terminal on Ctrl-S: the agent keeps working.</summary>
[Collection(nameof(Alone))]
public sealed class StuckLogTests
{
    private const int Events = 3_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_packets_are_sent_metrics_respond_and_SIGTERM_stops_it_in_time()
    {
        await using Setup setup = new();
        using Socket collector = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, ReceiveTimeout = 30_000 };
        collector.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        (int port, int metrics) = (FreePort(SocketType.Dgram), FreePort(SocketType.Stream));
        setup.Save(new JsonObject
        {
            ["log_level"] = "debug",
            ["shutdown_timeout"] = "5s",
            ["hep_config"] = new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = ((IPEndPoint)collector.LocalEndPoint!).Port },
            ["multicast_config"] = new JsonObject { ["MULTICAST_ADDRESS"] = "127.0.0.1", ["MULTICAST_PORT"] = port },
            ["metrics"] = new JsonObject { ["listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{metrics}") },
        });
        ProcessStartInfo start = new(TestedAgent.Program, [.. TestedAgent.Prefix, "run", "--config", setup.ConfigurationPath]) { RedirectStandardOutput = true };
        using Process agent = Process.Start(start)!;
        try
        {
            using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };
            Uri page = new($"http://127.0.0.1:{metrics}/metrics");
            await AnswersAsync(client, page);
            sender.Connect(IPAddress.Loopback, port);
            byte[] packet = new byte[65_536];
            byte[] datagram = new byte[65_507];
            MulticastDatagramWriter writer = new("test", null);
            for (int i = 0; i < Events; i++)
            {
                long now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
                Assert.True(writer.TryWrite(
                    Encoding.UTF8.GetBytes($"Event-Name: CHANNEL_CREATE\nCore-UUID: 1\nFreeSWITCH-IPv4: 10.0.0.1\nEvent-Date-Timestamp: {now}\nUnique-ID: {i}\nvariable_sip_call_id: {i}\nCaller-Caller-ID-Number: {new string('1', 3_000)}\n\n"),
                    Guid.NewGuid(), datagram, out int written));
                sender.Send(datagram, written, SocketFlags.None);

                // One at a time: each has to arrive before the next one is sent.
                Assert.True(collector.Receive(packet) > 0);
            }

            string text = await client.GetStringAsync(page, Cancellation);
            Assert.Contains($"hepbridge_events_reported_total {Events}\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("hepbridge_log_dropped_total 0\n", text, StringComparison.Ordinal);
            Stopwatch watch = Stopwatch.StartNew();
            Assert.Equal(0, HepBridgeProcess.Kill(agent.Id, 15));
            await agent.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"it took {watch.Elapsed.TotalSeconds:0.0} s to end");
            Assert.Equal(0, agent.ExitCode);
        }
        finally
        {
            if (!agent.HasExited)
            {
                agent.Kill();
            }
        }
    }

    private static async Task AnswersAsync(HttpClient client, Uri page)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                string text = await client.GetStringAsync(page, Cancellation);
                if (text.Contains("hepbridge_input_up{input=\"multicast", StringComparison.Ordinal) && text.Contains("} 1\n", StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (HttpRequestException) when (watch.Elapsed < TimeSpan.FromSeconds(60))
            {
                // Not listening yet.
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "the agent doesn't start");
            await Task.Delay(20, Cancellation);
        }
    }

    private static int FreePort(SocketType type)
    {
        using Socket probe = new(AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
