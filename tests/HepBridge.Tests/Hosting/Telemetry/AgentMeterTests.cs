using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hosting;
using HepBridge.Hosting.Telemetry;
using HepBridge.Inputs;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using HepBridge.Reports;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Hosting.Telemetry;

public sealed class AgentMeterTests
{
    [Fact]
    public async Task The_agents_counters_have_their_names_and_add_up()
    {
        using ClosedPort closed = new();
        await using AgentRig rig = await AgentRig.StartAsync($$"""
            {
              "hep_config": { "HEP_SERVER": "127.0.0.1", "HEP_PORT": {{closed.Port}}, "HEP_TRANSPORT": "tcp" },
              "esl_config": { "ESL_SERVER": "127.0.0.1", "ESL_PORT": {{closed.Port}} },
            }
            """);
        using AgentMeter meter = new(rig.Agent, TimeProvider.System);
        using PrometheusText text = new(meter.Meter);
        InputBinding input = rig.Agent.Inputs[0].Binding;
        lock (rig.Agent.Pipeline.Gate)
        {
            Feed(rig, input, "CHANNEL_CREATE", "Unique-ID: 1\nvariable_sip_call_id: abc\nChannel-Name: sofia/internal/1\n");
            Feed(rig, input, "CHANNEL_CREATE", "Unique-ID: 2\nChannel-Name: loopback/2\n");
            Feed(rig, input, "RE_SCHEDULE", "");
            Feed(rig, input, "HEARTBEAT", "");
            rig.Agent.Pipeline.CountMalformed(input, EventRejection.NoEventName);
            rig.Agent.Pipeline.EndBatch();
        }

        rig.Output.Offer(new byte[65_535], PacketKind.Log);
        PrometheusDocument document = PrometheusDocument.Parse(text.Write());
        Assert.Equal(5, document.Value("hepbridge_events_received_total"));
        Assert.Equal(5, document.Value("hepbridge_input_events_received_total", ("input", input.Name)));
        Assert.Equal(1, document.Value("hepbridge_events_malformed_total", ("reason", "NoEventName")));
        Assert.Equal(1, document.Value("hepbridge_events_reported_total"));
        Assert.Equal(1, document.Value("hepbridge_packets_encoded_total", ("kind", "log")));
        Assert.Equal(
            document.Value("hepbridge_events_received_total"),
            document.Sum("hepbridge_events_malformed_total") + document.Value("hepbridge_events_duplicate_total") + document.Value("hepbridge_events_filtered_total")
            + document.Value("hepbridge_events_observed_only_total") + document.Sum("hepbridge_events_uncorrelated_total") + document.Value("hepbridge_events_held")
            + document.Value("hepbridge_events_reported_total"));
        string output = rig.Output.Name;
        Assert.Equal(1, document.Value("hepbridge_output_packets_dropped_total", ("output", output), ("reason", nameof(DropReason.TooLarge))));
        Assert.Equal(
            document.Value("hepbridge_output_packets_offered_total") + document.Value("hepbridge_output_packets_recovered_total"),
            document.Value("hepbridge_output_packets_sent_total") + document.Sum("hepbridge_output_packets_dropped_total")
            + document.Value("hepbridge_output_packets_queued") + document.Value("hepbridge_output_packets_spooled"));
        Assert.Equal(0, document.Value("hepbridge_output_up", ("output", output)));
        Assert.Equal(1, document.Value("hepbridge_output_collectors_configured"));
        Assert.Equal(16 << 20, document.Value("hepbridge_output_ring_capacity_bytes"));
        Assert.True(document.Value("hepbridge_output_ring_used_bytes") > 0);
        Assert.Equal(0, document.Value("hepbridge_input_up"));
        Assert.Equal(1, document.Value("hepbridge_build_info"));
        Assert.InRange(document.Value("hepbridge_switch_clock_difference_seconds", ("switch", "fs \"one\"")), 59, 61);
    }

    [Fact]
    public async Task Every_metric_in_the_table_is_served_if_its_subject_is_configured()
    {
        await using AgentRig rig = await AgentRig.StartAsync($$"""
            { "hep_config": { "HEP_PORT": 9 }, "multicast_config": { "MULTICAST_ADDRESS": "127.0.0.1", "MULTICAST_PORT": {{FreePort.Next()}} }, "amqp_config": { "AMQP_PORT": 9 }, "hep_input": { "listen": "127.0.0.1:0" }, "janus_config": { "listen": "127.0.0.1:0" } }
            """);
        IInput multicast = rig.Agent.Inputs.Single(input => input is MulticastInput);
        await Eventually.True(() => multicast.IsUp, () => $"It listens on no address: {multicast.State.Problem}");
        using AgentMeter meter = new(rig.Agent, TimeProvider.System);
        using PrometheusText text = new(meter.Meter);
        lock (rig.Agent.Pipeline.Gate)
        {
            Feed(rig, multicast.Binding, "HEARTBEAT", "");
        }

        PrometheusDocument document = PrometheusDocument.Parse(text.Write());
        Assert.All(MetricTable.All(InputKinds.BuiltIn), metric =>
        {
            string name = PrometheusName.Of(metric.Name, metric.Kind, metric.Unit);
            Assert.Equal(metric.Help, document.Families[name].Help);
            (string Name, Dictionary<string, string> Labels, double Value) sample = document.Samples.First(sample => sample.Name == name);
            Assert.Equal(metric.Labels.Select(label => label.Name).Order(), sample.Labels.Keys.Order());
        });
        Assert.DoesNotContain("None", document.Samples.SelectMany(sample => sample.Labels.Values));
    }

    [Fact]
    public async Task Any_number_of_switch_names_gives_a_limited_number_of_series()
    {
        await using AgentRig rig = await AgentRig.StartAsync("""{ "hep_config": { "HEP_PORT": 1 }, "esl_config": { "ESL_PORT": 1 } }""");
        using AgentMeter meter = new(rig.Agent, TimeProvider.System);
        using PrometheusText text = new(meter.Meter);
        InputBinding network = new("a network", new ReportPlan(new ReportOptions()));
        lock (rig.Agent.Pipeline.Gate)
        {
            for (int i = 0; i < 1_000; i++)
            {
                Feed(rig, network, "HEARTBEAT", "", $"core-{i}", $"{i}-{new string('x', 200)}");
            }
        }

        PrometheusDocument document = PrometheusDocument.Parse(text.Write());
        List<(string Name, Dictionary<string, string> Labels, double Value)> series = document.Samples.Where(sample => sample.Name == "hepbridge_switch_clock_difference_seconds").ToList();
        Assert.Equal(InputMetrics.MaxSwitches, series.Count);
        Assert.All(series, sample => Assert.True(sample.Labels["switch"].Length <= 64));
    }

    // Requires the pipeline's lock. The switch's clock is a minute ahead.
    private static void Feed(AgentRig rig, InputBinding input, string name, string more, string core = "core", string node = "fs \"one\"")
    {
        long time = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds() * 1000;
        string text = $"Event-Name: {name}\nCore-UUID: {core}\nFreeSWITCH-Switchname: {Uri.EscapeDataString(node)}\nFreeSWITCH-IPv4: 127.0.0.1\nEvent-Date-Timestamp: {time}\n{more}\n";
        Assert.True(new EventParser().TryParse(Encoding.UTF8.GetBytes(text), EventEncoding.Plain, out FreeSwitchEvent e, out EventRejection rejection), $"{rejection}");
        rig.Agent.Pipeline.Process(e, input);
    }
}
