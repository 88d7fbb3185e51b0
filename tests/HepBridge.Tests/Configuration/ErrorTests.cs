using HepBridge.Configuration;

namespace HepBridge.Tests.Configuration;

public class ErrorTests
{
    [Theory]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PROT": 1 } }""", "esl_config.ESL_PROT: unknown key; did you mean ESL_PORT?")]
    [InlineData("""{ "hep_config": {}, "esl_config": [ {}, { "esl-servr": 1 } ] }""", "esl_config[1].esl-servr: unknown key; did you mean ESL_SERVER?")]
    [InlineData("""{ "hep_config": {}, "esl_cofnig": {}, "esl_config": {} }""", "esl_cofnig: unknown key; did you mean esl_config?")]
    [InlineData("""{ "hep_config": { "HEP_TRANSPORT": "tcp", "spool": { "path": "/x", "maxbytes": 1 } }, "esl_config": {} }""", "hep_config.spool.maxbytes: unknown key; did you mean max_bytes?")]
    [InlineData("""{ "hep_config": {}, "esl_config": {}, "": 1 }""", "\"\": unknown key; remove it, or look up its name in docs/configuration.md.")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "correlation": "own" } }""", "esl_config.correlation: unknown key; it belongs in reports.")]
    [InlineData("""{ "hep_config": {}, "esl_config": {}, "HEP_SERVER": "h" }""", "HEP_SERVER: unknown key; it belongs in hep_config.")]
    [InlineData("""{ "hep_config": { "max_age": 1 }, "esl_config": {} }""", "hep_config.max_age: unknown key; it belongs in hep_config.spool.")]
    [InlineData("""{ "hep_config": { "log_level": 1 }, "esl_config": {} }""", "hep_config.log_level: unknown key; it belongs at the top level.")]
    [InlineData("""{ "hep_config": { "corelation": 1 }, "esl_config": {} }""", "hep_config.corelation: unknown key; did you mean correlation? It belongs in reports.")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "wholly_new": { "x": [1, 2] } } }""", "esl_config.wholly_new: unknown key; remove it, or look up its name in docs/configuration.md.")]
    public void An_unknown_key_is_an_error_that_suggests_the_nearest_one(string json, string expected) => Assert.Equal(expected, Reading.Error(json));

    [Fact]
    public void All_errors_are_reported_at_once_in_section_order()
    {
        string[] errors = Reading.Errors("""
            {
              // everything here is wrong
              "hep_config": { "HEP_PORT": "x", "HEP_SERVER": [], "typo": 1 },
              "esl_config": [ { "ESL_PORT": 0 }, 5, { "qos_type": [35, "x", 7] }, ],
              "reports": { "flavour": "homer9" },
            }
            """);
        Assert.Equal(
            [
                "reports.flavour: \"homer9\" is not a flavour; write one of: reference, homer7, homer11, homer5.",
                "hep_config.HEP_PORT: \"x\" is not a port; write a whole number from 1 to 65535.",
                "hep_config.HEP_SERVER: the list is empty; write \"host\", \"host:port\" or \"[IPv6 address]:port\".",
                "hep_config.typo: unknown key; remove it, or look up its name in docs/configuration.md.",
                "esl_config[0].ESL_PORT: \"0\" is not a port; write a whole number from 1 to 65535.",
                "esl_config[1]: expected an object, not a single value; write an object, { … }.",
                "esl_config[2].qos_type[1]: \"x\" is not a QoS type; write one of: 34, 35, 99.",
                "esl_config[2].qos_type[2]: \"7\" is not a QoS type; write one of: 34, 35, 99.",
            ],
            errors);
    }

    [Theory]
    [InlineData("{}", "hep_config: no collector; add", "esl_config: no input; add")]
    [InlineData("""{ "hep_config": [], "esl_config": [] }""", "hep_config: no collector; add", "esl_config: no input; add")]
    [InlineData("""{ "esl_config": {} }""", "hep_config: no collector; add", null)]
    [InlineData("""{ "hep_config": {}, "reports": {} }""", null, "esl_config: no input; add")]
    public void A_missing_section_is_reported(string json, string? collector, string? input)
    {
        string[] expected = [.. new[] { collector, input }.OfType<string>()];
        string[] errors = Reading.Errors(json);
        Assert.Equal(expected.Length, errors.Length);
        Assert.All(errors.Zip(expected), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "hep_config": "homer", "esl_config": {} }""", "hep_config: expected an object, not a single value; write an object, { … }.")]
    [InlineData("""{ "hep_config": {}, "esl_config": [[{}]] }""", "esl_config[0]: expected an object, not a list; write an object, { … }.")]
    [InlineData("""{ "hep_config": {}, "esl_config": {}, "reports": [{}] }""", "reports: expected an object, not a list; write an object, { … }.")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "0": {}, "ESL_PORT": 1 } }""", "esl_config: mixes an object with a list or a value; write an object, { … }.")]
    [InlineData("""{ "hep_config": { "spool": true, "HEP_TRANSPORT": "tcp" }, "esl_config": {} }""", "hep_config.spool: expected an object, not a single value; write an object, { … }.")]
    public void A_section_of_the_wrong_form_is_reported(string json, string expected) => Assert.Equal(expected, Reading.Error(json));

    [Theory]
    [InlineData("""{ "hep_config": { "spool": { "path": "/x" } }, "esl_config": {} }""", "hep_config.spool: a spool requires a connection, and udp has none; set HEP_TRANSPORT to tcp or tls, or remove the spool.")]
    [InlineData("""{ "hep_config": { "HEP_TRANSPORT": "tcp", "spool": { "flush": 1 } }, "esl_config": {} }""", "hep_config.spool.path: required; specify a directory that HepBridge's user can write.")]
    [InlineData("""{ "hep_config": { "HEP_TRANSPORT": "tls", "tls_key": "/there" }, "esl_config": {} }""", "hep_config.tls_key: a key without a certificate; set tls_cert.")]
    [InlineData("""{ "hep_config": { "HEP_SERVER": ["h", "H:9060"] }, "esl_config": {} }""", "hep_config.HEP_SERVER: h:9060 is listed twice; list each server once.")]
    [InlineData("""{ "hep_config": [{ "HEP_SERVER": "h" }, { "HEP_SERVER": "H", "HEP_PORT": 9060 }], "esl_config": {} }""", "hep_config[1]: Udp H:9060 is in hep_config[0], too; keep one of them.")]
    [InlineData("""{ "hep_config": {}, "esl_config": [{ "ESL_PORT": 1 }, { "ESL_PORT": "1" }] }""", "esl_config[1]: esl 127.0.0.1:1 is in esl_config[0], too; keep one of them.")]
    [InlineData("""{ "hep_config": {}, "multicast_config": [{}, { "MULTICAST_ADDRESS": "225.1.1.1" }] }""", "multicast_config[1]: multicast 225.1.1.1:4242 is in multicast_config[0], too; keep one of them.")]
    [InlineData("""{ "hep_config": {}, "multicast_config": { "MULTICAST_ADDRESS": ["225.1.1.1", "225.1.1.1"] } }""", "multicast_config.MULTICAST_ADDRESS: 225.1.1.1 is listed twice; list each address once.")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PASS": "a", "ESL_PASS_FILE": "/there" } }""", "esl_config.ESL_PASS_FILE: ESL_PASS is set, too; keep one of them.")]
    [InlineData("""{ "hep_config": { "HEP_PASS": "a", "HEP_PASS_FILE": "/there" }, "esl_config": {} }""", "hep_config.HEP_PASS_FILE: HEP_PASS is set, too; keep one of them.")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PASS_FILE": "/empty" } }""", "esl_config.ESL_PASS_FILE: the first line of \"/empty\" is empty; write at least one character and no control characters.")]
    [InlineData("""{ "hep_config": {}, "esl_config": {}, "web": { "listen": "0.0.0.0:80" } }""", "web.listen: 0.0.0.0:80 can be reached from other hosts, and no token is set; set web.token, or listen on 127.0.0.1.")]
    [InlineData("""{ "hep_config": {}, "esl_config": {}, "web": { "listen": "127.0.0.1:9096" }, "metrics": {} }""", "web: 127.0.0.1:9096 is also metrics.listen; use different ports.")]
    public void Contradictions_are_reported(string json, string expected) => Assert.Equal(expected, Reading.Error(json, files: KeyCases.Files));

    [Fact]
    public void Two_outputs_with_one_spool_are_rejected() =>
        Assert.Equal(
            "hep_config[1]: spool /x is in hep_config[0], too; keep one of them.",
            Reading.Error("""
                { "hep_config": [ { "HEP_SERVER": "a", "HEP_TRANSPORT": "tcp", "spool": { "path": "/x" } },
                                  { "HEP_SERVER": "b", "HEP_TRANSPORT": "tcp", "spool": { "path": "/x/" } } ], "esl_config": {} }
                """));

    [Fact]
    public void One_group_on_two_interfaces_is_two_inputs() =>
        Assert.Equal(2, Reading.Good("""{ "hep_config": {}, "multicast_config": [{ "MULTICAST_INTERFACE": "eth0" }, { "MULTICAST_INTERFACE": "eth1" }] }""").MulticastInputs.Count);

    [Theory]
    [InlineData("""{ "hep_config": { "HEP_TRANSPORT": "tls", "tls_verify": false }, "esl_config": {} }""", "hep_config.tls_verify: the collector's certificate is not verified")]
    [InlineData("""{ "hep_config": { "tls_verify": false, "resend_window": 1 }, "esl_config": {} }""", "hep_config.tls_verify: has no effect without tls", "hep_config.resend_window: has no effect with udp")]
    [InlineData("""{ "hep_config": {}, "multicast_config": { "MULTICAST_PSK": "abc", "report_log_events": true } }""", "multicast_config.report_log_events: mod_event_multicast never sends log lines")]
    [InlineData("""{ "hep_config": {}, "multicast_config": { "MULTICAST_PSK": "123456789 123456789 123456789 123456789 123456789 123456789 123456789 12" } }""")]
    [InlineData("""{ "hep_config": {}, "janus_config": { "API_SERVER": "192.0.2.1" } }""", "janus_config.API_SERVER: anyone who reaches 192.0.2.1:7777 can send events")]
    [InlineData("""{ "hep_config": {}, "janus_config": { "API_SERVER": "192.0.2.1", "allowed_senders": "192.0.2.0/24" } }""")]
    [InlineData("""{ "hep_config": {}, "janus_config": { "API_SERVER": "192.0.2.1", "API_USER": "a", "API_PASS": "b" } }""")]
    [InlineData("""{ "hep_config": {}, "janus_config": { "API_USER": "a" } }""", "janus_config.API_USER: has no effect without a password")]
    [InlineData(Reading.Least)]
    public void Suspicious_but_valid_settings_are_warnings(string json, params string[] expected)
    {
        Reading.Good(json);
        string[] warnings = Reading.Warnings(json);
        Assert.Equal(expected.Length, warnings.Length);
        Assert.All(warnings.Zip(expected), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Fact]
    public void The_lines_for_the_user_are_errors_then_warnings()
    {
        ConfigurationResult result = Reading.Of("""{ "hep_config": {}, "esl_config": { "ESL_PORT": "x\ny" }, "janus_config": { "listen": "0.0.0.0:7777" } }""");
        Assert.Equal(
            [
                "error: esl_config.ESL_PORT: \"x?y\" is not a port; write a whole number from 1 to 65535.",
                "warning: janus_config.listen: anyone who reaches 0.0.0.0:7777 can send events; set API_PASS, or allowed_senders.",
            ],
            result.Lines());
    }
}
