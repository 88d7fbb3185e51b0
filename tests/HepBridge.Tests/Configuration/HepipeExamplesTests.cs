using HepBridge.Configuration;
using HepBridge.Configuration.Values;

namespace HepBridge.Tests.Configuration;

/// <summary>Configurations like hepipe.js's own examples, as the documented conversion to JSON writes them.</summary>
public class HepipeExamplesTests
{
    [Fact]
    public void An_event_socket_and_a_log_file()
    {
        AgentConfiguration configuration = Reading.Good("""
            {
              "hep_config": { "debug": true, "HEP_SERVER": "10.0.0.176", "HEP_PORT": 9060 },
              "esl_config": { "debug": true, "ESL_SERVER": "127.0.0.1", "ESL_PORT": 8021, "ESL_PASS": "ClueCon", "HEP_PASS": "multipass", "HEP_ID": 2222,
                              "report_call_events": true, "report_rtcp_events": true, "report_qos_events": true },
              "logs_config": { "debug": true, "HEP_PASS": "multipass", "HEP_ID": 2222,
                               "logs": [ { "tag": "opus_decoder", "host": "127.0.0.1", "pattern": "^([^ ]*) .*Opus decoder stats", "path": "/var/log/freeswitch/freeswitch.log" } ] }
            }
            """);
        LogFileSource source = Assert.Single(Assert.Single(configuration.LogFilesInputs).Sources);
        Assert.Equal("opus_decoder", source.Tag);
        Assert.True(Assert.Single(source.Patterns).TryMatch("0a1b2c3d 2026-11-26 Opus decoder stats", out LogMatch match));
        Assert.Equal("0a1b2c3d", match.CallId.ToString());
        Assert.Equal(2222u, configuration.LogFilesInputs[0].Reports.CaptureId);
        Assert.Single(configuration.EslInputs);
    }

    [Fact]
    public void A_log_file_alone_with_two_patterns()
    {
        AgentConfiguration configuration = Reading.Good("""
            { "hep_config": { "debug": true, "HEP_SERVER": "10.0.0.176", "HEP_PORT": 9060 },
              "logs_config": { "debug": true, "HEP_ID": 11, "HEP_PASS": "multipass",
                "logs": [ { "tag": "opus_decoder", "host": "127.0.0.1", "pattern": [ "^([^ ]*) .*Opus decoder stats", "^([^ ]*) .* EARLY" ], "path": "/var/log/freeswitch/freeswitch.log" } ] } }
            """);
        Assert.Equal(2, configuration.LogFilesInputs[0].Sources[0].Patterns.Count);
        Assert.Empty(configuration.EslInputs);
    }

    [Fact]
    public void A_receiver_for_Janus()
    {
        const string Json = """
            { "hep_config": { "debug": true, "HEP_SERVER": "10.0.0.10", "HEP_PORT": 9060 },
              "janus_config": { "debug": true, "HEP_PASS": "multipass", "HEP_ID": 2222, "API_SERVER": "127.0.0.1", "API_PORT": 7777 } }
            """;
        AgentConfiguration configuration = Reading.Good(Json);
        JanusInputConfiguration janus = Assert.IsType<JanusInputConfiguration>(Assert.Single(configuration.Inputs));
        Assert.Equal("127.0.0.1:7777", janus.Listen.ToString());
        Assert.Equal((2222u, "multipass"), (janus.Reports.CaptureId, System.Text.Encoding.UTF8.GetString(janus.Reports.AuthKey)));
        Assert.Empty(Reading.Warnings(Json));
    }

    [Fact]
    public void An_event_socket_alone()
    {
        AgentConfiguration configuration = Reading.Good("""
            { "hep_config": { "debug": true, "HEP_SERVER": "10.0.0.176", "HEP_PORT": 9060 },
              "esl_config": { "debug": true, "ESL_SERVER": "127.0.0.1", "ESL_PORT": 8021, "ESL_PASS": "ClueCon", "HEP_PASS": "freeswitchESL", "HEP_ID": 2222,
                              "report_call_events": true, "report_rtcp_events": true, "report_qos_events": true, "report_custom_events": true } }
            """);
        EslInputConfiguration esl = Assert.Single(configuration.EslInputs);
        Assert.Equal(("127.0.0.1", 8021, 2222u, true), (esl.Server, esl.Port, esl.Reports.CaptureId, esl.Reports.CustomEvents));
    }

    [Fact]
    public void The_old_flat_layout_is_converted_with_one_warning()
    {
        const string Json = """
            { "HEP_SERVER": "homer.example.net", "HEP_PORT": 9060, "HEP_ID": "2001", "HEP_AUTH": "null",
              "LOGS": [ { "tag": "ngcp", "host": "127.0.0.1", "pattern": "ID=([^&]\\S*)", "path": "/var/log/syslog" } ] }
            """;
        AgentConfiguration configuration = Reading.Good(Json);
        Assert.Equal("homer.example.net:9060", configuration.Outputs[0].Servers[0].ToString());
        LogFilesInputConfiguration logs = Assert.Single(configuration.LogFilesInputs);
        Assert.Equal(2001u, logs.Reports.CaptureId);
        Assert.Empty(logs.Reports.AuthKey);
        Assert.Equal("/var/log/syslog", logs.Sources[0].Path);
        Assert.StartsWith("LOGS: this is an old layout of hepipe.js", Assert.Single(Reading.Warnings(Json)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "hep_config": {}, "logs_config": {} }""", "logs_config: it names no log file; add \"logs\": [ { \"path\": \"/var/log/app.log\", \"pattern\": \"callid=([^ ;]+)\" } ].")]
    [InlineData("""{ "hep_config": {}, "logs_config": { "logs": [ { "pattern": "(a)" } ] } }""", "logs_config.logs[0].path: it is missing; name a log file.")]
    [InlineData("""{ "hep_config": {}, "logs_config": { "logs": [ { "path": "/a.log" } ] } }""", "logs_config.logs[0].pattern: it is missing; write a regular expression whose first group is the SIP Call-ID, or \"uuid\".")]
    public void Missing_keys_are_reported(string json, string expected) => Assert.Equal(expected, Reading.Error(json));
}
