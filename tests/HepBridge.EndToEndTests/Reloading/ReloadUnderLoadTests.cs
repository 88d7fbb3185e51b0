using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hosting;
using HepBridge.Outputs;
using HepBridge.Tests.Outputs;
using Microsoft.Extensions.Logging;

namespace HepBridge.EndToEndTests.Reloading;

/// <summary>2,000 events per second from one switch to one collector, while everything else is reconfigured.</summary>
public sealed class ReloadUnderLoadTests
{
    private const int Reloads = 20;
    private const int Rate = 2000;
    private const int Events = 12_000;

    /// <summary>Reloads start after this many reports, and continue after each further batch of this size.</summary>
    private const int Between = 500;

    [Fact]
    public async Task Twenty_reloads_neither_lose_nor_duplicate_events_of_unchanged_inputs_and_outputs()
    {
        await using NumberedSwitch steady = new("steady", Events, Rate);
        await using NumberedSwitch passing = new("passing", Events, Rate / 4);
        await using NumberCollector collector = new("steady");
        await using NumberCollector second = new("steady");
        using Socket datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Ports ports = new(steady.Port, passing.Port, collector.Port, second.Port, ((IPEndPoint)datagrams.LocalEndPoint!).Port);

        AgentConfiguration first = Read(ports, 0);
        LogLevelSwitch level = new(LogLevel.Warning);
        using ILoggerFactory loggers = LoggerFactory.Create(static _ => { });
        using Agent agent = AgentHosting.CreateAgent(first, level, loggers);
        await agent.StartAsync(TestContext.Current.CancellationToken);
        IOutput stays = agent.Outputs[0];
        Stopwatch watch = Stopwatch.StartNew();
        int least = int.MaxValue;
        for (int reload = 1; reload <= Reloads; reload++)
        {
            int due = reload * Between;
            await Eventually.True(() => collector.Count >= due, () => $"{collector.Count} of {due} reports came before reload {reload}");
            AgentConfiguration next = Read(ports, reload);
            await agent.ApplyAsync(next);
            least = Math.Min(least, Events - collector.Count);
            Assert.Equal(next.Inputs.Count, agent.Inputs.Count);
            Assert.Equal(next.Outputs.Count, agent.Outputs.Count);
            Assert.Same(stays, agent.Outputs.Single(output => output.Name == stays.Name));
        }

        // Events were still arriving after the last reload: all reloads happened under load.
        Assert.True(least > 0, "the reloads took longer than the events");
        await Eventually.True(() => collector.Count >= Events, () => $"{collector.Count} of {Events} reports came");
        TestContext.Current.SendDiagnosticMessage($"{Events} events and {Reloads} reloads in {watch.Elapsed.TotalSeconds:0.0} s");
        await agent.StopAsync();

        int[] numbers = collector.Numbers;
        Assert.Equal(Enumerable.Range(0, Events), numbers.Order());
        Assert.Equal(1, collector.Connections);
        Assert.Equal(2, steady.Connections);
        ConservationLaw.AssertHolds(stays.Counters);
        PipelineCounters c = agent.Pipeline.Counters;
        Assert.Equal(c.Received, c.Malformed + c.Duplicate + c.Filtered + c.ObservedOnly + c.Uncorrelated + c.Held + c.Reported);

        // The temporary collector got no duplicates, either.
        Assert.Equal(second.Numbers.Distinct().Count(), second.Numbers.Length);
        Assert.NotEmpty(second.Numbers);
    }

    /// <summary>The permanent switch and collector are in every configuration; everything else changes each time.</summary>
    private static AgentConfiguration Read(Ports ports, int number)
    {
        bool odd = number % 2 == 1;
        string steadyOutput = $$"""{ "HEP_PORT": {{ports.Collector}}, "HEP_TRANSPORT": "tcp" }""";
        string otherOutput = (number % 4) switch
        {
            0 => "",
            1 => $$""", { "HEP_PORT": {{ports.Second}}, "HEP_TRANSPORT": "tcp" }""",
            2 => $$""", { "HEP_PORT": {{ports.Second}}, "HEP_TRANSPORT": "tcp", "ring": "1MB" }""",
            _ => $$""", { "HEP_PORT": {{ports.Datagrams}} }""",
        };
        string otherInput = odd ? $$""", { "ESL_PORT": {{ports.Passing}} }""" : "";
        string multicast = number % 3 == 1 ? $$""", "multicast_config": { "MULTICAST_ADDRESS": "127.0.0.1", "MULTICAST_PORT": {{ports.Datagrams + (ports.Datagrams < 65_000 ? 7 : -7)}} }""" : "";
        string flags = odd ? "true" : "false";
        string json =
            $$"""
            {
              "hep_config": [ {{steadyOutput}}{{otherOutput}} ],
              "esl_config": [ { "ESL_PORT": {{ports.Steady}}, "report_rtcp_events": {{flags}}, "report_qos_events": {{flags}},
                "report_registration_events": {{flags}}, "report_custom_events": {{flags}}, "HEP_ID": {{2000 + number}} }{{otherInput}} ]{{multicast}},
              "reports": { "correlation": "{{(odd ? "aleg" : "own")}}", "hold_time": "{{60 + number}}s" }
            }
            """;
        ConfigurationResult result = ConfigurationReader.Read("config.json", new ConfigurationEnvironment
        {
            Variables = new Dictionary<string, string>(),
            FileExists = static _ => true,
            ReadFile = _ => Encoding.UTF8.GetBytes(json),
        }, InputKinds.BuiltIn.Sections);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }

    private sealed record Ports(int Steady, int Passing, int Collector, int Second, int Datagrams);
}
