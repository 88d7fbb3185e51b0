using System.Text;
using HepBridge.Configuration;
using HepBridge.Hep;

namespace HepBridge.Tests.Configuration;

public class LayersTests
{
    [Theory]
    [InlineData("reference", HepPayloadType.MosShort, "Cumulative", "Raw")]
    [InlineData("homer7", HepPayloadType.MosShort, "Delta", "Milliseconds")]
    [InlineData("homer11", HepPayloadType.MosShort, "Cumulative", "Milliseconds")]
    [InlineData("homer5", HepPayloadType.Report, "Cumulative", "Raw")]
    public void A_flavour_sets_three_keys(string flavour, HepPayloadType qosType, string loss, string jitter)
    {
        ReportOptions reports = Reading.Good($$"""{ "hep_config": {}, "esl_config": {}, "reports": { "flavour": "{{flavour}}" } }""").EslInputs[0].Reports;
        Assert.Equal([qosType], reports.QosTypes);
        Assert.Equal(loss, reports.RtcpLoss.ToString());
        Assert.Equal(jitter, reports.RtcpJitter.ToString());
    }

    [Fact]
    public void A_key_overrides_the_flavour_wherever_it_is_set()
    {
        AgentConfiguration read = Reading.Good("""
            {
              "hep_config": {},
              "esl_config": [ { "ESL_PORT": 1, "rtcp_jitter": "raw" }, { "ESL_PORT": 2, "flavour": "homer5" } ],
              "reports": { "flavour": "homer7", "qos_type": 34 }
            }
            """);
        Assert.Equal(RtcpJitter.Raw, read.EslInputs[0].Reports.RtcpJitter);
        Assert.Equal(RtcpLoss.Delta, read.EslInputs[0].Reports.RtcpLoss);
        Assert.Equal([HepPayloadType.MosFull], read.EslInputs[1].Reports.QosTypes);
        Assert.Equal(RtcpLoss.Cumulative, read.EslInputs[1].Reports.RtcpLoss);
    }

    [Fact]
    public void An_inputs_key_overrides_reports_which_overrides_the_default()
    {
        AgentConfiguration read = Reading.Good("""
            {
              "hep_config": {},
              "esl_config": { "report_rtcp_events": true, "max_packet": 1400 },
              "multicast_config": {},
              "reports": { "report_rtcp_events": false, "report_custom_events": true, "max_packet": 9000 }
            }
            """);
        ReportOptions esl = read.EslInputs[0].Reports;
        ReportOptions multicast = read.MulticastInputs[0].Reports;
        Assert.Equal((true, true, 1400), (esl.RtcpEvents, esl.CustomEvents, esl.MaxPacket));
        Assert.Equal((false, true, 9000), (multicast.RtcpEvents, multicast.CustomEvents, multicast.MaxPacket));
        Assert.True(multicast.CallEvents);
    }

    [Fact]
    public void The_senders_identity_is_the_inputs_or_else_the_first_collectors()
    {
        AgentConfiguration read = Reading.Good("""
            {
              "hep_config": [ { "HEP_SERVER": "a" }, { "HEP_SERVER": "b", "HEP_ID": 5, "HEP_PASS": "p" }, { "HEP_SERVER": "c", "HEP_ID": 6, "HEP_NODE_NAME": "n" } ],
              "esl_config": [ { "ESL_PORT": 1 }, { "ESL_PORT": 2, "HEP_ID": 7, "HEP_PASS": "", "HEP_NODE_NAME": "own" } ]
            }
            """);
        Assert.Equal("5 p n", Identity(read.EslInputs[0].Reports));
        Assert.Equal("7  own", Identity(read.EslInputs[1].Reports));
        Assert.Equal("2001  ", Identity(Reading.Good(Reading.Least).EslInputs[0].Reports));
    }

    [Theory]
    [InlineData("""{ "hep_config": { "debug": true }, "esl_config": {} }""", "Debug")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "debug": "false" }, "log_level": "error" }""", "Error")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "debug": true }, "log_level": "error" }""", "Debug")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "debug": true }, "log_level": "trace" }""", "Trace")]
    public void Debug_in_any_section_sets_the_log_level(string json, string expected) => Assert.Equal(expected, Reading.Good(json).LogLevel.ToString());

    private static string Identity(ReportOptions reports) =>
        $"{reports.CaptureId} {Encoding.UTF8.GetString(reports.AuthKey)} {Encoding.UTF8.GetString(reports.NodeName)}";
}
