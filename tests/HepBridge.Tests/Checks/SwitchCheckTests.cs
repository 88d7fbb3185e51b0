using HepBridge.Checks;
using HepBridge.Configuration;
using HepBridge.Tests.Esl;
using static HepBridge.Tests.Checks.Checking;

namespace HepBridge.Tests.Checks;

/// <summary>Every kind of broken switch, and the resulting finding.</summary>
public sealed class SwitchCheckTests
{
    [Fact]
    public async Task A_healthy_switch_is_all_ok()
    {
        await using AnsweringSwitch peer = new();
        IReadOnlyList<CheckResult> results = await CheckAsync(peer);
        AssertAllOk(results);
        string all = string.Join('\n', results.Select(finding => finding.What));
        Assert.Contains("password accepted", all, StringComparison.Ordinal);
        Assert.Contains("FreeSWITCH Version 1.10.12", all, StringComparison.Ordinal);
        Assert.Contains("its clock matches this host's", all, StringComparison.Ordinal);
        Assert.Contains("profile internal sends RTCP every 5000 ms", all, StringComparison.Ordinal);
        Assert.Contains("sends its SIP to udp:10.0.0.9:9060", all, StringComparison.Ordinal);
        Assert.Contains("events arrive: HEARTBEAT", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_an_error()
    {
        await using AnsweringSwitch peer = new() { Accepts = false };
        AssertOnly(await CheckAsync(peer), CheckSeverity.Error, "ESL_PASS must match password in event_socket.conf.xml");
    }

    [Fact]
    public async Task A_wrong_user_is_an_error()
    {
        await using AnsweringSwitch peer = new() { Accepts = false };
        AssertOnly(await CheckAsync(peer, user: "hep@example.net"), CheckSeverity.Error, "ESL_USER must be a user@domain");
    }

    [Fact]
    public async Task A_rejection_by_the_access_list_is_an_error()
    {
        await using AnsweringSwitch peer = new() { InsteadOfGreeting = "Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n" };
        AssertOnly(await CheckAsync(peer), CheckSeverity.Error, "apply-inbound-acl");
    }

    [Fact]
    public async Task Something_else_on_the_port_is_an_error()
    {
        await using AnsweringSwitch peer = new() { InsteadOfGreeting = "SSH-2.0-OpenSSH_9.2\r\n\r\n" };
        AssertOnly(await CheckAsync(peer), CheckSeverity.Error, "is not a FreeSWITCH event socket");
    }

    [Fact]
    public async Task A_port_without_a_listener_is_an_error()
    {
        int port;
        using (FakeEventSocket gone = new())
        {
            port = gone.Port;
        }

        AssertOnly(await CheckAsync(port), CheckSeverity.Error, "check that FreeSWITCH is running with mod_event_socket");
    }

    [Fact]
    public async Task A_silent_switch_is_an_error()
    {
        using FakeEventSocket silent = new();
        AssertOnly(await CheckAsync(silent.Port, timeout: Short), CheckSeverity.Error, "no event socket greeting");
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_an_error() =>
        AssertOnly(await CheckAsync(8021, server: "no-such-host.invalid"), CheckSeverity.Error, "correct ESL_SERVER");

    [Fact]
    public async Task A_switch_that_stops_answering_is_an_error()
    {
        using FakeEventSocket peer = new();
        Task<IReadOnlyList<CheckResult>> checking = CheckAsync(peer.Port, timeout: Short);
        using FakeEventSocket.Peer talk = await peer.AcceptAsync();
        await talk.SayAsync(FakeEventSocket.Greeting + FakeEventSocket.Accepted);
        AssertOnly(await checking, CheckSeverity.Error, "did not answer");
    }

    [Theory]
    [InlineData("event plain CHANNEL_ANSWER", "-ERR permission denied", true, "esl-allowed-events of user hep@example.net")]
    [InlineData("event plain CUSTOM sofia::transferor", "-ERR permission denied", true, "esl-allowed-events of user hep@example.net")]
    [InlineData("event plain RECV_RTCP_MESSAGE", "-ERR no keywords supplied", false, "does not know RECV_RTCP_MESSAGE")]
    [InlineData("log 5", "-ERR permission denied", false, "esl-allowed-log of user hep@example.net")]
    [InlineData("api version", "-ERR permission denied", false, "add version to esl-allowed-api of user hep@example.net")]
    [InlineData("api version", "FreeSWITCH Version 1.8.7\n", false, "update FreeSWITCH to 1.10.7 or later")]
    [InlineData("api strmicroepoch", "nonsense", false, "the clock was not checked")]
    [InlineData("api version", "-ERR version Command not found!", false, "load the module that has version")]
    [InlineData("api version", "-ERR no reply", false, "returned no version")]
    [InlineData("api strmicroepoch", "-ERR no reply", false, "the clock was not checked")]
    [InlineData("api strmicroepoch", "-ERR strmicroepoch Command not found!", false, "load the module that has strmicroepoch")]
    [InlineData("api global_getvar fire_rtcp_events", "", false, "fire_rtcp_events=true")]
    [InlineData("api global_getvar fire_rtcp_events", "false", false, "fire_rtcp_events=true")]
    [InlineData("api global_getvar fire_rtcp_events", "-ERR no reply", false, "fire_rtcp_events is not set for all calls")]
    [InlineData("api xml_locate configuration configuration name sofia.conf", "-ERR no reply", false, "the switch does not return sofia.conf")]
    [InlineData("api xml_locate configuration configuration name sofia.conf", "-ERR can't find sofia.conf", false, "not checked")]
    [InlineData("api xml_locate configuration configuration name sofia.conf", "<configuration><profiles>", false, "not checked")]
    public async Task A_wrong_answer_is_one_finding(string command, string answer, bool isError, string words)
    {
        await using AnsweringSwitch peer = new();
        peer.Answers[command] = () => answer;
        AssertOnly(await CheckAsync(peer, user: "hep@example.net", log: true), isError ? CheckSeverity.Error : CheckSeverity.Warning, words);
    }

    [Fact]
    public async Task An_error_of_a_command_blames_no_module()
    {
        await using AnsweringSwitch peer = new();
        peer.Answers["api xml_locate configuration configuration name sofia.conf"] = () => "-ERR can't find sofia.conf";
        CheckResult finding = Assert.Single(await CheckAsync(peer), result => result.Severity != CheckSeverity.Ok);
        Assert.Null(finding.Advice);
    }

    [Theory]
    [InlineData(10, false, "s ahead of this host's: Homer sorts a call by these times → run NTP")]
    [InlineData(-10, false, "s behind this host's: Homer sorts")]
    [InlineData(100_000, true, "more than max_clock_skew")]
    public async Task A_wrong_clock_is_reported(int seconds, bool isError, string words)
    {
        await using AnsweringSwitch peer = new();
        peer.Answers["api strmicroepoch"] = () => AnsweringSwitch.Microseconds(TimeSpan.FromSeconds(seconds));
        AssertOnly(await CheckAsync(peer), isError ? CheckSeverity.Error : CheckSeverity.Warning, words);
    }

    [Theory]
    [InlineData("<param name=\"rtcp-audio-interval-msec\" value=\"5000\"/>", "", "SIP profile internal has no rtcp-audio-interval-msec")]
    [InlineData("name=\"sip-capture\" value=\"yes\"", "name=\"sip-capture\" value=\"no\"", "no SIP profile has sip-capture")]
    [InlineData("capture-server", "debug-presence", "does not capture its SIP")]
    public async Task A_missing_setting_is_a_warning(string setting, string instead, string words)
    {
        await using AnsweringSwitch peer = new();
        peer.Answers["api xml_locate configuration configuration name sofia.conf"] = () => AnsweringSwitch.SofiaConf.Replace(setting, instead, StringComparison.Ordinal);
        AssertOnly(await CheckAsync(peer), CheckSeverity.Warning, words);
    }

    [Theory]
    [InlineData("udp:127.0.0.1:9061;hep=3;capture_id=100", "127.0.0.1:9061", null)]
    [InlineData("127.0.0.1:9061;hep=3", "0.0.0.0:9061", null)]
    [InlineData("udp:localhost:9061;hep=3", "127.0.0.1:9061", null)]
    [InlineData("udp:[::1]:9061;hep=3", "[::1]:9061", null)]
    [InlineData("udp:10.0.0.9:9060;hep=3", "127.0.0.1:9061", "sends its SIP to udp:10.0.0.9:9060;hep=3, past hep_input 127.0.0.1:9061")]
    [InlineData("udp:192.0.2.9:9061;hep=3", "0.0.0.0:9061", "past hep_input 0.0.0.0:9061")]
    [InlineData("udp:127.0.0.1:9060;hep=3", "127.0.0.1:9061", "past hep_input 127.0.0.1:9061")]
    [InlineData("udp:127.0.0.1:9061", "127.0.0.1:9061", "as an old version of HEP, which is rejected → set capture-server to udp:127.0.0.1:9061;hep=3;capture_id=100")]
    [InlineData("garbage", "127.0.0.1:9061", "past hep_input")]
    [InlineData(null, "127.0.0.1:9061", "does not capture its SIP (no capture-server): Homer shows reports with a call's SIP only if something else sends that SIP → set capture-server to udp:127.0.0.1:9061;hep=3")]
    public async Task The_capture_server_should_be_the_HEP_input(string? server, string listen, string? words)
    {
        await using AnsweringSwitch peer = new();
        string setting = server is null ? "debug-presence" : "capture-server";
        peer.Answers["api xml_locate configuration configuration name sofia.conf"] = () =>
            System.Text.RegularExpressions.Regex.Replace(AnsweringSwitch.SofiaConf, "name=\"capture-server\" value=\"[^\"]*\"", $"name=\"{setting}\" value=\"{server}\"");
        EslInputConfiguration input = new() { Server = "127.0.0.1", Port = peer.Port, Reports = new ReportOptions() };
        HepInputConfiguration hepInput = new() { Listen = System.Net.IPEndPoint.Parse(listen), Reports = new ReportOptions() };
        IReadOnlyList<CheckResult> results = await RunAsync(new SwitchCheck(input, new CallOptions(), TimeProvider.System, Long, Long) { HepInputs = [hepInput] });
        if (words is null)
        {
            AssertAllOk(results);
            Assert.Contains(results, finding => finding.What.StartsWith($"the switch sends its SIP to hep_input {listen} (profiles: internal", StringComparison.Ordinal));
        }
        else
        {
            AssertOnly(results, CheckSeverity.Warning, words);
        }
    }

    [Fact]
    public async Task Rtcp_passthrough_is_ok()
    {
        await using AnsweringSwitch peer = new();
        peer.Answers["api xml_locate configuration configuration name sofia.conf"] = () => AnsweringSwitch.SofiaConf.Replace("5000", "passthru", StringComparison.Ordinal);
        IReadOnlyList<CheckResult> results = await CheckAsync(peer);
        AssertAllOk(results);
        Assert.Contains(results, finding => finding.What.Contains("SEND_RTCP_MESSAGE never is", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_any_event_the_check_ends_with_a_warning()
    {
        await using AnsweringSwitch peer = new() { Events = "" };
        AssertOnly(await CheckAsync(peer, patience: Short), CheckSeverity.Warning, "no event arrived in 0.3 s → a switch sends a HEARTBEAT every 20 s");
    }

    [Fact]
    public async Task A_connection_lost_before_an_event_is_an_error()
    {
        await using AnsweringSwitch peer = new() { Events = "", Closes = true };
        AssertOnly(await CheckAsync(peer), CheckSeverity.Error, "before an event arrived");
    }

    private static Task<IReadOnlyList<CheckResult>> CheckAsync(AnsweringSwitch peer, string? user = null, bool log = false, TimeSpan? patience = null) =>
        CheckAsync(peer.Port, user, log, patience: patience);

    private static Task<IReadOnlyList<CheckResult>> CheckAsync(
        int port, string? user = null, bool log = false, string server = "127.0.0.1", TimeSpan? patience = null, TimeSpan? timeout = null)
    {
        EslInputConfiguration input = new() { Server = server, Port = port, User = user, Reports = new ReportOptions { LogEvents = log } };
        return RunAsync(new SwitchCheck(input, new CallOptions(), TimeProvider.System, patience ?? Long, timeout ?? Long));
    }
}
