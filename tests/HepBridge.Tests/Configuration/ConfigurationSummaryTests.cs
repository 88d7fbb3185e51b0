using HepBridge.Configuration;

namespace HepBridge.Tests.Configuration;

public class ConfigurationSummaryTests
{
    [Fact]
    public void The_summary_lists_inputs_reports_and_outputs() =>
        Assert.Equal(
            [
                "reads the event socket [2001:db8::1]:8021 as 1000@pbx: calls, RTCP (delta loss, jitter in ms), QoS (type 34 and 35); capture id 7, node fs1",
                "reads the event socket 127.0.0.1:8021: nothing (all reports are off); capture id 2001",
                "reads multicast 225.1.1.1:4242, [ff15::1]:4242 on eth1 from 10.0.0.0/8 (psk): calls as JSON, RTCP (delta loss, jitter in ms), QoS (type 35), registration changes, custom events (1 subclasses), log lines, peers; capture id 2001",
                "reports each leg under its originator's Call-ID, from sip_h_X-CID if set; other legs under their UUID",
                "sends to a:9060 by UDP",
                "sends to b:9060, c:1 (the first healthy one) by TLS, certificate NOT verified, spool /x",
                "serves metrics and health at http://127.0.0.1:9096/metrics and /health",
                "serves the page at http://0.0.0.0:9080/, with a token",
            ],
            ConfigurationSummary.Lines(Reading.Good("""
                {
                  "hep_config": [ { "HEP_SERVER": "a" }, { "HEP_SERVER": ["b", "c:1"], "HEP_TRANSPORT": "tls", "tls_verify": false, "spool": { "path": "/x" } } ],
                  "esl_config": [
                    { "ESL_SERVER": "2001:db8::1", "ESL_USER": "1000@pbx", "HEP_ID": 7, "HEP_NODE_NAME": "fs1", "qos_type": [34, 35] },
                    { "report_call_events": false, "report_rtcp_events": false, "report_qos_events": false }
                  ],
                  "multicast_config": {
                    "MULTICAST_ADDRESS": ["225.1.1.1", "ff15::1"], "MULTICAST_INTERFACE": "eth1", "MULTICAST_PSK": "12345", "allowed_senders": "10.0.0.0/8",
                    "call_format": "json", "report_registration_events": true, "registration_reports": "changes", "report_custom_events": true,
                    "custom_subclasses": "a::b", "report_log_events": true, "report_peer_events": true
                  },
                  "reports": { "flavour": "homer7", "correlation": "aleg", "call_id_variable": "sip_h_X-CID", "correlate_non_sip": true },
                  "metrics": {},
                  "web": { "listen": "0.0.0.0:9080", "token": "t" }
                }
                """)));
}
