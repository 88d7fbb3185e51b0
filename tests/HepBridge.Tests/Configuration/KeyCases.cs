using System.Globalization;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Configuration.Tables;
using HepBridge.Hosting;

namespace HepBridge.Tests.Configuration;

/// <summary>A case for every key of every section.</summary>
internal static class KeyCases
{
    private const string FlagMessage = "\"maybe\" is not true or false; write one of: true, false.";
    private const string DurationAdvice = ", such as \"500ms\", \"60s\", \"5m\", \"12h\" or \"1d\" (a bare number means seconds).";
    private const string SizeAdvice = ", in bytes or such as \"64KB\", \"16MB\" or \"1GB\" (1 KB = 1024 bytes).";
    private const string HostMessage = "is not a host; write a name or an IP address, without a port.";
    private const string ListenMessage = "is not an address to listen on; write an IP address (or localhost) and a port, such as 127.0.0.1:9096.";
    private const string NoFile = "the file \"/gone\" does not exist; specify a PEM file that HepBridge's user can read.";

    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["/there"] = "from-file\n",
        ["/empty"] = "",
        ["/quoted"] = "a\"b\n",
    };

    public static IReadOnlyList<KeyCase> All { get; } =
    [
        .. Agent(), .. Hep(), .. Spool(), .. Esl(), .. Multicast(), .. Amqp(), .. Logs(), .. HepInput(), .. Janus(), .. Calls(), .. Listeners(),
        .. Reports("reports"), .. InputKinds.BuiltIn.All.Where(kind => kind.Section.Shared.Contains(ReportFlagKeys.Group)).SelectMany(kind => Reports(kind.Section.Name)),
        .. Identity("hep_config"), .. InputKinds.BuiltIn.All.SelectMany(kind => Identity(kind.Section.Name)),
    ];

    private static IEnumerable<KeyCase> Agent() =>
    [
        new("", "log_level", "\"Warning\"", c => c.LogLevel, "Warning", "\"loud\"", "\"loud\" is not a log level; write one of: trace, debug, information, info, warning, error, critical, none."),
        new("", "statistics_interval", "\"5m\"", c => c.StatisticsInterval, "00:05:00", "\"often\"", "\"often\" is not a duration; write 0s to 30d" + DurationAdvice),
        new("", "shutdown_timeout", "2.5", c => c.ShutdownTimeout, "00:00:02.5000000", "\"11m\"", "\"11m\" is not a duration; write 0s to 10m" + DurationAdvice),
    ];

    private static IEnumerable<KeyCase> Hep() =>
    [
        new("hep_config", "HEP_SERVER", "[\"h1\", \"h2:9061\", \"[2001:db8::1]:9062\", \"2001:db8::2\"]", c => string.Join(' ', c.Outputs[0].Servers), "h1:9060 h2:9061 [2001:db8::1]:9062 [2001:db8::2]:9060",
            "\"http://h1\"", "\"http://h1\" is not a server; write \"host\", \"host:port\" or \"[IPv6 address]:port\"."),
        new("hep_config", "HEP_PORT", "\"9070\"", c => c.Outputs[0].Servers[0].Port, "9070", "65536", "\"65536\" is not a port; write a whole number from 1 to 65535."),
        new("hep_config", "HEP_TRANSPORT", "\"TCP\"", c => c.Outputs[0].Transport, "Tcp", "\"sctp\"", "\"sctp\" is not a transport; write one of: udp, tcp, tls."),
        new("hep_config", "mode", "\"hash\"", c => c.Outputs[0].Mode, "Hash", "\"random\"", "\"random\" is not a mode; write one of: failover, hash."),
        new("hep_config", "ring", "\"512KB\"", c => c.Outputs[0].RingBytes, "524288", "\"2GB\"", "\"2GB\" is not a size; write 256KB to 1GB" + SizeAdvice),
        new("hep_config", "resend_window", "\"500ms\"", c => c.Outputs[0].ResendWindow, "00:00:00.5000000", "-1", "\"-1\" is not a duration; write 0s to 10m" + DurationAdvice),
        new("hep_config", "tls_verify", "false", c => c.Outputs[0].Tls.Verify, "False", "\"maybe\"", FlagMessage, Tls),
        new("hep_config", "tls_ca", "\"/there\"", c => c.Outputs[0].Tls.Ca, "/there", "\"/gone\"", NoFile, Tls),
        new("hep_config", "tls_cert", "\"/there\"", c => c.Outputs[0].Tls.Certificate, "/there", "\"/gone\"", NoFile, Tls),
        new("hep_config", "tls_key", "\"/there\"", c => c.Outputs[0].Tls.Key, "/there", "\"/gone\"", NoFile, Tls + "\"tls_cert\": \"/there\","),
        new("hep_config", "tls_server_name", "\"homer.example.net\"", c => c.Outputs[0].Tls.ServerName, "homer.example.net", "\"a b\"", "\"a b\" " + HostMessage, Tls),
        new("hep_config", "debug", "true", c => c.LogLevel, "Debug", "\"maybe\"", FlagMessage),
    ];

    private static string Tls => "\"HEP_TRANSPORT\": \"tls\",";

    private static IEnumerable<KeyCase> Spool() =>
    [
        new("hep_config.spool", "path", "\"/var/spool/x\"", c => c.Outputs[0].Spool!.Path, "/var/spool/x", "\"\"", "\"\" is not a path; write the path of a file."),
        new("hep_config.spool", "max_bytes", "\"100MB\"", c => c.Outputs[0].Spool!.MaxBytes, "104857600", "\"much\"", "\"much\" is not a size; write 1MB to 1000TB" + SizeAdvice, "\"path\": \"/x\","),
        new("hep_config.spool", "max_age", "\"2h\"", c => c.Outputs[0].Spool!.MaxAge, "02:00:00", "\"2w\"", "\"2w\" is not a duration; write 1m to 3650d" + DurationAdvice, "\"path\": \"/x\","),
        new("hep_config.spool", "flush", "\"200ms\"", c => c.Outputs[0].Spool!.Flush, "00:00:00.2000000", "0", "\"0\" is not a duration; write 10ms to 1m" + DurationAdvice, "\"path\": \"/x\","),
    ];

    private static IEnumerable<KeyCase> Esl() =>
    [
        new("esl_config", "ESL_SERVER", "\"[::1]\"", c => c.EslInputs[0].Server, "::1", "\"fs1:8021\"", "\"fs1:8021\" " + HostMessage),
        new("esl_config", "ESL_PORT", "8022", c => c.EslInputs[0].Port, "8022", "0", "\"0\" is not a port; write a whole number from 1 to 65535."),
        new("esl_config", "ESL_USER", "\"1000@pbx\"", c => c.EslInputs[0].User, "1000@pbx", "\"1000:x\"", "\"1000:x\" is not a user; write user@domain, without spaces or colons."),
        new("esl_config", "ESL_PASS", "\"pass word\"", c => c.EslInputs[0].Password, "pass word", "\"a\\nb\"", "the value (not shown here) is not a single line of text; write at least one character and no control characters."),
        new("esl_config", "ESL_PASS_FILE", "\"/there\"", c => c.EslInputs[0].Password, "from-file", "\"/gone\"", "the file \"/gone\" does not exist; specify a file that HepBridge's user can read."),
        new("esl_config", "event_format", "\"json\"", c => c.EslInputs[0].Format, "Json", "\"xml\"", "\"xml\" is not an event format; write one of: plain, json."),
        new("esl_config", "debug", "\"true\"", c => c.LogLevel, "Debug", "\"maybe\"", FlagMessage),
    ];

    private static IEnumerable<KeyCase> Multicast() =>
    [
        new("multicast_config", "MULTICAST_ADDRESS", "[\"225.1.1.2\", \"ff15::1\"]", c => string.Join(' ', c.MulticastInputs[0].Addresses), "225.1.1.2 ff15::1",
            "\"all\"", "\"all\" is not an IP address; write one such as 192.0.2.1 or 2001:db8::1."),
        new("multicast_config", "MULTICAST_PORT", "4243", c => c.MulticastInputs[0].Port, "4243", "\"\"", "\"\" is not a port; write a whole number from 1 to 65535."),
        new("multicast_config", "MULTICAST_INTERFACE", "\"eth1\"", c => c.MulticastInputs[0].Interface, "eth1", "\"eth 1\"", "\"eth 1\" is not an interface; write its name, such as eth0, or its address."),
        new("multicast_config", "MULTICAST_PSK", "\"0123456789\"", c => c.MulticastInputs[0].Psk, "0123456789", "\"\"", "the value (not shown here) is not a psk; write 1 to 72 bytes, the same as psk in event_multicast.conf.xml."),
        new("multicast_config", "allowed_senders", "[\"10.0.0.0/8\", \"192.0.2.7\", \"2001:db8::/32\"]", c => string.Join(' ', c.MulticastInputs[0].AllowedSenders), "10.0.0.0/8 192.0.2.7/32 2001:db8::/32",
            "\"10.0.0.1/33\"", "\"10.0.0.1/33\" is not a network; write one such as 10.0.0.0/8 or 2001:db8::/32, or a single address."),
        new("multicast_config", "peer_timeout", "90", c => c.MulticastInputs[0].PeerTimeout, "00:01:30", "\"0s\"", "\"0s\" is not a duration; write 1s to 1d" + DurationAdvice),
        new("multicast_config", "debug", "true", c => c.LogLevel, "Debug", "\"maybe\"", FlagMessage),
    ];

    private static IEnumerable<KeyCase> Calls() =>
    [
        new("reports", "correlation", "\"both\"", c => c.Calls.Correlation, "Both", "\"none\"", "\"none\" is not a correlation; write one of: own, aleg, both."),
        new("reports", "sip_correlation", "\"joined\"", c => c.Inputs[0].Reports.Packets.SipCorrelation, "Joined", "\"both\"", "\"both\" is not a correlation of SIP; write one of: own, joined."),
        new("reports", "call_id_variable", "\"sip_h_X-CID\"", c => c.Calls.CallIdVariable, "sip_h_X-CID", "\"variable_x\"", "\"variable_x\" is not a channel variable; write its name without \"variable_\", such as sip_h_X-CID."),
        new("reports", "correlate_non_sip", "true", c => c.Calls.CorrelateNonSip, "True", "\"maybe\"", FlagMessage),
        new("reports", "hold_time", "\"1m\"", c => c.Calls.HoldTime, "00:01:00", "\"2h\"", "\"2h\" is not a duration; write 0s to 1h" + DurationAdvice),
        new("reports", "hold_per_leg", "10", c => c.Calls.HoldPerLeg, "10", "1.5", "\"1.5\" is not a number of events; write a whole number from 0 to 10000."),
        new("reports", "hold_total", "0", c => c.Calls.HoldTotal, "0", "-1", "\"-1\" is not a number of events; write a whole number from 0 to 10000000."),
        new("reports", "leg_linger", "\"30s\"", c => c.Calls.LegLinger, "00:00:30", "\"x\"", "\"x\" is not a duration; write 0s to 1h" + DurationAdvice),
        new("reports", "max_legs", "1000", c => c.Calls.MaxLegs, "1000", "1", "\"1\" is not a number of legs; write a whole number from 100 to 10000000."),
        new("reports", "max_leg_age", "\"2d\"", c => c.Calls.MaxLegAge, "2.00:00:00", "1", "\"1\" is not a duration; write 1m to 365d" + DurationAdvice),
        new("reports", "max_clock_skew", "0", c => c.Calls.MaxClockSkew, "00:00:00", "\"1y\"", "\"1y\" is not a duration; write 0s to 365d" + DurationAdvice),
        new("reports", "mask_values", "[\"x-acct=*\"]", Masked, "a x-acct=*** password=1", "\"password\"", "\"password\" is not a mask; write one such as password=*, key-mgmt:** or *:*@."),
    ];

    // The text after masking, as reports and the page do it.
    private static string Masked(AgentConfiguration configuration)
    {
        byte[] text = "a x-acct=123 password=1"u8.ToArray();
        configuration.Mask.Apply(text);
        return Encoding.ASCII.GetString(text);
    }

    private static IEnumerable<KeyCase> Listeners() =>
    [
        new("metrics", "listen", "\"0.0.0.0:9100\"", c => c.Metrics.Listen, "0.0.0.0:9100", "\"9096\"", "\"9096\" " + ListenMessage),
        new("metrics", "allowed_hosts", "[\"agent.example.net\"]", c => string.Join(",", c.Metrics.AllowedHosts), "agent.example.net", "\"a:1\"", "\"a:1\" is not a host; write a name or an IP address, without a port."),
        new("web", "listen", "\"localhost:9081\"", c => c.Web.Listen, "127.0.0.1:9081", "\"[::1]\"", "\"[::1]\" " + ListenMessage),
        new("web", "allowed_hosts", "[\"page.example.net\"]", c => string.Join(",", c.Web.AllowedHosts), "page.example.net", "\"a:1\"", "\"a:1\" is not a host; write a name or an IP address, without a port."),
        new("web", "token", "\"t0k3n\"", c => c.Web.Token, "t0k3n", "[\"a\"]", "expected a single value, not a list; write at least one character and no control characters."),
    ];

    private static IEnumerable<KeyCase> Amqp()
    {
        AmqpInputConfiguration Of(AgentConfiguration c) => c.AmqpInputs[0];
        const string Name = "a name AMQP allows; write 1 to 200 characters, no control characters, not starting with amq.";
        const string Line = "a single line of text; write at least one character and no control characters.";
        const string WithTls = "\"tls\": true,";
        return
        [
            new("amqp_config", "AMQP_SERVER", "[\"mq1\", \"mq2:5673\"]", c => string.Join(' ', Of(c).Servers), "mq1:5672 mq2:5673", "\"amqp://mq1\"", "\"amqp://mq1\" is not a server; write \"host\", \"host:port\" or \"[IPv6 address]:port\"."),
            new("amqp_config", "AMQP_PORT", "5673", c => Of(c).Servers[0].Port, "5673", "0", "\"0\" is not a port; write a whole number from 1 to 65535."),
            new("amqp_config", "AMQP_USER", "\"hep\"", c => Of(c).User, "hep", "\"\"", $"\"\" is not {Line}"),
            new("amqp_config", "AMQP_PASS", "\"s3cret\"", c => Of(c).Password, "s3cret", "\"\"", $"the value (not shown here) is not {Line}"),
            new("amqp_config", "AMQP_PASS_FILE", "\"/there\"", c => Of(c).Password, "from-file", "\"/empty\"", "the first line of \"/empty\" is empty; write at least one character and no control characters."),
            new("amqp_config", "AMQP_VHOST", "\"voip\"", c => Of(c).VirtualHost, "voip", "\"\"", $"\"\" is not {Line}"),
            new("amqp_config", "tls", "true", c => Of(c).Servers[0].Port, "5671", "\"maybe\"", FlagMessage),
            new("amqp_config", "tls_verify", "false", c => Of(c).Tls!.Verify, "False", "\"maybe\"", FlagMessage, WithTls),
            new("amqp_config", "tls_ca", "\"/there\"", c => Of(c).Tls!.Ca, "/there", "\"/gone\"", NoFile, WithTls),
            new("amqp_config", "tls_cert", "\"/there\"", c => Of(c).Tls!.Certificate, "/there", "\"/gone\"", NoFile, WithTls),
            new("amqp_config", "tls_key", "\"/there\"", c => Of(c).Tls!.Key, "/there", "\"/gone\"", NoFile, WithTls + "\"tls_cert\": \"/there\","),
            new("amqp_config", "tls_server_name", "\"mq.example.net\"", c => Of(c).Tls!.ServerName, "mq.example.net", "\"a b\"", "\"a b\" " + HostMessage, WithTls),
            new("amqp_config", "exchange", "\"freeswitch\"", c => Of(c).Exchange, "freeswitch", "\"amq.topic\"", $"\"amq.topic\" is not {Name}"),
            new("amqp_config", "queue", "\"homer\"", c => Of(c).Queue, "homer", "\"\"", $"\"\" is not {Name}"),
            new("amqp_config", "queue_type", "\"classic\"", c => Of(c).QueueType, "Classic", "\"stream\"", "\"stream\" is not a queue type; write one of: quorum, classic."),
            new("amqp_config", "bindings", "[\"#\"]", c => string.Join(' ', Of(c).Bindings), "#", "\"a b\"",
                "\"a b\" is not a binding key; write words with dots between them, * for one word, # for any number, such as FreeSWITCH.*.HEARTBEAT.#."),
            new("amqp_config", "partitions", "12", c => Of(c).QueueNames.Last(), "hepbridge.11", "257", "\"257\" is not a number of partitions; write a whole number from 1 to 256."),
            new("amqp_config", "prefetch", "100", c => Of(c).Prefetch, "100", "0", "\"0\" is not a number of messages; write a whole number from 2 to 65535."),
            new("amqp_config", "command_exchange", "\"TAP.Commands\"", c => Of(c).CommandExchange, "TAP.Commands", "\"\"", $"\"\" is not {Name}"),
            new("amqp_config", "command_key", "\"commands.{host}\"", c => Of(c).CommandKey, "commands.{host}", "\"\"", $"\"\" is not {Name}", "\"command_exchange\": \"TAP.Commands\","),
            new("amqp_config", "peer_timeout", "90", c => Of(c).PeerTimeout, "00:01:30", "\"0s\"", "\"0s\" is not a duration; write 1s to 1d" + DurationAdvice),
            new("amqp_config", "max_lag", "\"2m\"", c => Of(c).MaxLag, "00:02:00", "\"0s\"", "\"0s\" is not a duration; write 1s to 1d" + DurationAdvice),
            new("amqp_config", "debug", "true", c => c.LogLevel, "Debug", "\"maybe\"", FlagMessage),
        ];
    }

    private static IEnumerable<KeyCase> Logs()
    {
        LogFileSource File(AgentConfiguration c) => c.LogFilesInputs[0].Sources[0];
        const string Path = "\"path\": \"/x.log\",";
        const string Both = Path + "\"pattern\": \"(a)\",";
        return
        [
            new("logs_config", "report_log_lines", "false", c => c.LogFilesInputs[0].ReportLines, "False", "\"maybe\"", FlagMessage),
            new("logs_config", "state_path", "\"/var/x\"", c => c.LogFilesInputs[0].StatePath, "/var/x", "\"a\\nb\"", "\"a?b\" is not a path; write the path of a file, or \"\" for none."),
            new("logs_config", "max_line", "\"4KB\"", c => c.LogFilesInputs[0].MaxLine, "4096", "\"1MB\"", "\"1MB\" is not a size; write 256 to 64KB" + SizeAdvice),
            new("logs_config", "debug", "true", c => c.LogLevel, "Debug", "\"maybe\"", FlagMessage),
            .. KeyCases.Reports("logs_config").Where(key => key.Key is "report_log_level" or "max_packet" or "agent_address"),
            new("logs_config.logs", "path", "\"/var/log/*.log\"", c => File(c).Path, "/var/log/*.log", "\"\"", "\"\" is not a path; write the path of a file.", "\"pattern\": \"(a)\","),
            new("logs_config.logs", "pattern", "[\"ID=(.*)\", \"uuid\"]", c => string.Join(' ', File(c).Patterns.Select(pattern => pattern.Text)), "ID=(.*) uuid",
                "\"(?=a)(b)\"", "\"(?=a)(b)\" can't be used; look-around, backreferences and atomic groups require backtracking, so a single line could hang the agent: write it without them.", Path),
            new("logs_config.logs", "tag", "\"app\"", c => File(c).Tag, "app", "\"a\\nb\"", "\"a?b\" is not a single line of text; write at least one character and no control characters.", Both),
            new("logs_config.logs", "host", "\"192.0.2.9\"", c => File(c).Address, "192.0.2.9", "\"a\\nb\"", "\"a?b\" is not a single line of text; write at least one character and no control characters.", Both),
            new("logs_config.logs", "time_format", "\"unix_ms\"", c => File(c).TimeFormat, "unix_ms", "\"%\"", "\"%\" is not a time format; write a .NET date format such as \"MMM d HH:mm:ss\", or unix, unix_ms or unix_us.", Both),
            new("logs_config.logs", "multiline", "\"^[0-9]\"", c => File(c).RecordBegin, "^[0-9]", "\"(\"", "\"(\" can't be used; Invalid pattern '(' at offset 1. Not enough )'s.", Both),
        ];
    }

    private static IEnumerable<KeyCase> Janus()
    {
        JanusInputConfiguration Of(AgentConfiguration c) => c.Inputs.OfType<JanusInputConfiguration>().Single();
        const string Line = "is not a single line of text; write at least one character and no control characters.";
        return
        [
            new("janus_config", "API_SERVER", "\"localhost\"", c => Of(c).Listen, "127.0.0.1:7777", "\"janus\"", "\"janus\" is not an IP address; write one such as 192.0.2.1 or 2001:db8::1."),
            new("janus_config", "API_PORT", "\"7778\"", c => Of(c).Listen, "127.0.0.1:7778", "0", "\"0\" is not a port; write a whole number from 1 to 65535."),
            new("janus_config", "listen", "\"[::1]:7779\"", c => Of(c).Listen, "[::1]:7779", "\"7779\"", "\"7779\" " + ListenMessage),
            new("janus_config", "API_USER", "\"janus\"", c => Of(c).User, "janus", "\"a\\nb\"", "\"a?b\" " + Line, "\"API_PASS\": \"x\","),
            new("janus_config", "API_PASS", "\"s3cret\"", c => Of(c).Password, "s3cret", "[\"a\"]", "expected a single value, not a list; write at least one character and no control characters."),
            new("janus_config", "API_PASS_FILE", "\"/there\"", c => Of(c).Password, "from-file", "\"/empty\"", "the first line of \"/empty\" is empty; write at least one character and no control characters."),
            new("janus_config", "allowed_senders", "[\"10.0.0.0/8\", \"::1\"]", c => string.Join(' ', Of(c).AllowedSenders), "10.0.0.0/8 ::1/128", "\"10/8\"", "\"10/8\" is not a network; write one such as 10.0.0.0/8 or 2001:db8::/32, or a single address."),
            new("janus_config", "max_body", "\"1MB\"", c => Of(c).MaxBody, "1048576", "1", "\"1\" is not a size; write 64KB to 100MB" + SizeAdvice),
            new("janus_config", "report_janus_events", "[\"jsep\", \"Core\"]", c => Of(c).Events, "Jsep, Core", "\"sdp\"", "\"sdp\" is not a kind of event; write one of: sessions, handles, jsep, webrtc, media, plugins, transports, core, external, all, none."),
            new("janus_config", "report_sip", "false", c => Of(c).ReportSip, "False", "\"maybe\"", FlagMessage),
            new("janus_config", "debug", "true", c => c.LogLevel, "Debug", "\"maybe\"", FlagMessage),
            .. KeyCases.Reports("janus_config").Where(key => key.Key is "report_call_events" or "report_qos_events" or "qos_type" or "max_packet" or "agent_address"),
        ];
    }

    private static IEnumerable<KeyCase> HepInput()
    {
        HepInputConfiguration Of(AgentConfiguration c) => c.Inputs.OfType<HepInputConfiguration>().First();
        return
        [
            new("hep_input", "listen", "\"[::1]:9062\"", c => Of(c).Listen, "[::1]:9062", "\"9061\"", "\"9061\" " + ListenMessage),
            new("hep_input", "tcp", "false", c => Of(c).Tcp, "False", "\"maybe\"", FlagMessage),
            new("hep_input", "allowed_senders", "[\"10.0.0.0/8\", \"192.0.2.7\"]", c => string.Join(' ', Of(c).AllowedSenders), "10.0.0.0/8 192.0.2.7/32",
                "\"fs1\"", "\"fs1\" is not a network; write one such as 10.0.0.0/8 or 2001:db8::/32, or a single address."),
            new("hep_input", "report_sip", "false", c => Of(c).ReportSip, "False", "\"maybe\"", FlagMessage),
            new("hep_input", "fill_addresses", "false", c => Of(c).FillAddresses, "False", "\"maybe\"", FlagMessage),
            new("hep_input", "sip_correlation", "\"joined\"", c => Of(c).Reports.Packets.SipCorrelation, "Joined", "\"both\"", "\"both\" is not a correlation of SIP; write one of: own, joined."),
            new("hep_input", "debug", "true", c => c.LogLevel, "Debug", "\"maybe\"", FlagMessage),
        ];
    }

    private static ReportOptions ReportsOf(AgentConfiguration configuration, string section)
    {
        Type type = InputKinds.BuiltIn.All.FirstOrDefault(kind => kind.Section.Name == section)?.ConfigurationType ?? typeof(EslInputConfiguration);
        return configuration.Inputs.First(type.IsInstanceOfType).Reports;
    }

    private static IEnumerable<KeyCase> Reports(string section)
    {
        ReportOptions Of(AgentConfiguration c) => ReportsOf(c, section);
        KeyCase Flag(string key, bool good, Func<ReportOptions, bool> made) => new(section, key, good ? "\"TRUE\"" : "false", c => made(Of(c)), good ? "True" : "False", "\"maybe\"", FlagMessage);
        return
        [
            Flag("report_call_events", false, r => r.CallEvents),
            Flag("report_rtcp_events", false, r => r.RtcpEvents),
            Flag("report_qos_events", false, r => r.QosEvents),
            Flag("report_registration_events", true, r => r.RegistrationEvents),
            Flag("report_custom_events", true, r => r.CustomEvents),
            Flag("report_log_events", true, r => r.LogEvents),
            Flag("report_peer_events", true, r => r.PeerEvents),
            new(section, "flavour", "\"homer5\"", c => Of(c).QosTypes[0], "Report", "\"homer6\"", "\"homer6\" is not a flavour; write one of: reference, homer7, homer11, homer5."),
            new(section, "qos_type", "[34, \"35\"]", c => string.Join(' ', Of(c).QosTypes), "MosFull MosShort", "5", "\"5\" is not a QoS type; write one of: 34, 35, 99."),
            new(section, "rtcp_loss", "\"delta\"", c => Of(c).RtcpLoss, "Delta", "\"none\"", "\"none\" is not a way to count losses; write one of: cumulative, delta."),
            new(section, "rtcp_jitter", "\"ms\"", c => Of(c).RtcpJitter, "Milliseconds", "\"us\"", "\"us\" is not a unit of jitter; write one of: raw, ms."),
            new(section, "call_events", "\"channel_execute\"", c => string.Join(' ', Of(c).ExtraCallEvents), "CHANNEL_EXECUTE", "\"CHANNEL EXECUTE\"", "\"CHANNEL EXECUTE\" is not an event name; write the name of a FreeSWITCH event, such as CHANNEL_EXECUTE."),
            new(section, "call_format", "\"json\"", c => Of(c).CallFormat, "Json", "\"xml\"", "\"xml\" is not a format; write one of: text, json."),
            new(section, "call_headers", "[\"accountcode\", \"sip_h_*\"]", c => string.Join(' ', Of(c).CallHeaders), "accountcode sip_h_*", "\"a b\"", "\"a b\" is not a pattern; write a header name, with * for any characters."),
            Flag("call_headers_in_text", true, r => r.CallHeadersInText),
            new(section, "hide_headers", "[\"x*\"]", c => string.Join(' ', Of(c).HideHeaders), "x*", "\"a b\"", "\"a b\" is not a pattern; write a header name, with * for any characters."),
            new(section, "registration_reports", "\"changes\"", c => Of(c).Registrations, "Changes", "\"some\"", "\"some\" is not a choice of registrations; write one of: all, changes."),
            new(section, "custom_subclasses", "[\"a::b\", \"c\"]", c => string.Join(' ', Of(c).CustomSubclasses), "a::b c", "\"a\\nb\"", "\"a?b\" is not a subclass; write one such as conference::maintenance, without spaces."),
            new(section, "report_dtmf", "\"masked\"", c => Of(c).Dtmf, "Masked", "\"some\"", "\"some\" is not a way to show digits; write one of: true, masked, false."),
            new(section, "report_log_level", "\"DEBUG\"", c => Of(c).LogLevel, "7", "9", "\"9\" is not a log level of FreeSWITCH; write one of: console, alert, crit, err, warning, notice, info, debug."),
            new(section, "max_packet", "1400", c => Of(c).MaxPacket, "1400", "65507", "\"65507\" is not a size; write 1000 to 65000" + SizeAdvice),
            new(section, "agent_address", "\"192.0.2.1\"", c => Of(c).AgentAddress, "192.0.2.1", "\"fs1\"", "\"fs1\" is not an IP address; write one such as 192.0.2.1 or 2001:db8::1."),
        ];
    }

    private static IEnumerable<KeyCase> Identity(string section)
    {
        ReportOptions Of(AgentConfiguration c) => ReportsOf(c, section);
        return
        [
            new(section, "HEP_ID", "\"4294967295\"", c => Of(c).CaptureId, "4294967295", "0", "\"0\" is not a capture id; write a whole number from 1 to 4294967295."),
            new(section, "HEP_PASS", "\"multi pass\"", c => Encoding.UTF8.GetString(Of(c).AuthKey), "multi pass", "\"a\\\\b\"", "the value (not shown here) is not a key Homer can store; write at most 255 printable ASCII characters without \" and \\."),
            new(section, "HEP_PASS_FILE", "\"/there\"", c => Encoding.UTF8.GetString(Of(c).AuthKey), "from-file", "\"/quoted\"", "the first line of \"/quoted\" is not a key Homer can store; write at most 255 printable ASCII characters without \" and \\."),
            new(section, "HEP_NODE_NAME", "\"fs-1.a_b:2\"", c => Encoding.UTF8.GetString(Of(c).NodeName), "fs-1.a_b:2", "\"fs 1\"", "\"fs 1\" is not a node name; write at most 64 of the characters A-Z, a-z, 0-9, and . _ : -."),
        ];
    }

    /// <summary>A value as written in the cases.</summary>
    public static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>All keys of all sections, as the cases name them.</summary>
    public static IEnumerable<string> NamesInTables() => InputKinds.BuiltIn.Sections.All.SelectMany(table =>
        table.Keys.Select(key => $"{table.Path} {key.Name}"));
}
