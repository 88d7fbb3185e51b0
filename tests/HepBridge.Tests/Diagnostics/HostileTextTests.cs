using System.Net;
using System.Reflection;
using System.Text;
using HepBridge.Checks;
using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Commands;
using HepBridge.Commands.Demo;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Esl;
using HepBridge.Hep;
using HepBridge.Hosting.Telemetry;
using HepBridge.Inputs;
using HepBridge.Reports;
using HepBridge.Tests.Configuration;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Diagnostics;

/// <summary>A peer's text forges no line and moves no terminal's cursor, wherever it is shown.</summary>
public sealed class HostileTextTests
{
    // Line ends, a forged line, ESC, C1 (CSI), NUL, bidirectional overrides, line separators, a lone surrogate, a private character.
    private const string Hostile = "a\n2026-01-01 00:00:00.000 info  forged\r\n\t\u001b[31m\u009b31m\u0007\0\u202e\u2066\u200f\u2028\u2029\u0085\ud800\ue000\ufeff%0A z";

    private static readonly byte[] _hostileBytes = [.. Encoding.UTF8.GetBytes(Hostile), 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80, 0x80];

    private static readonly HepSender _sender = new(new IPEndPoint(IPAddress.Loopback, 1), SenderTransport.Udp);

    /// <summary>All log messages.</summary>
    public static TheoryData<string> Messages => [.. Methods.Select(method => method.Name)];

    private static IEnumerable<MethodInfo> Methods =>
        typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null);

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_log_message_is_one_line_whatever_it_holds(string name)
    {
        MethodInfo method = Methods.Single(method => method.Name == name);
        ParameterInfo[] parameters = method.GetParameters();
        foreach (bool isForJournal in (bool[])[true, false])
        {
            using MemoryStream stream = new();
            using (LineLoggerProvider provider = new(stream, isForJournal, TimeProvider.System))
            {
                method.Invoke(null, [provider.CreateLogger("x"), .. parameters.Skip(1).Select(Argument)]);
            }

            string text = Encoding.UTF8.GetString(stream.ToArray());
            string[] lines = text.TrimEnd('\n').Split('\n');
            Assert.All(lines, AssertSafe);
            Assert.True(lines.Length == 1 || parameters.Any(parameter => parameter.ParameterType == typeof(Exception)), text);
            Assert.All(lines[1..], line => Assert.Matches(isForJournal ? "^<[0-7]>[a-z]+ +    " : "^    ", line));
        }
    }

    [Fact]
    public void The_demos_log_lines_are_safe()
    {
        StringWriter output = new();
        DemoLog log = new(output, "  bridge  ", 80);
        log.Log(LogLevel.Warning, new EventId(1), Hostile, new IOException(Hostile), (state, _) => state);
        AssertLines(output, line => line.StartsWith("  bridge  ", StringComparison.Ordinal));
    }

    [Fact]
    public void Configuration_errors_are_one_line_each()
    {
        AssertSafe(new ConfigurationProblem(Hostile, Hostile, Hostile).ToString());
        string json = System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object> { ["hep_config"] = new Dictionary<string, string> { [Hostile] = Hostile, ["HEP_SERVER"] = Hostile } });
        Assert.All(Reading.Of(json).Lines(), AssertSafe);
    }

    [Fact]
    public void Check_results_are_safe()
    {
        CheckResult[] results = [new(CheckSeverity.Error, Hostile, Hostile, Hostile)];
        Assert.All(CheckTable.Text(results).ReplaceLineEndings("\n").Split('\n'), AssertSafe);
        Assert.All(CheckTable.Json(results).ReplaceLineEndings("\n").Split('\n'), AssertSafe);
    }

    [Fact]
    public void Health_is_safe()
    {
        HealthReport report = new([new HealthCheck("output", "udp", HealthLevel.Failing, Hostile)]);
        Assert.All(Encoding.UTF8.GetString(report.ToJson()).ReplaceLineEndings("\n").Split('\n'), AssertSafe);
        AssertSafe(new InputState(false, DateTimeOffset.UnixEpoch, Hostile).Problem!);
    }

    [Fact]
    public void What_peers_prints_is_safe()
    {
        PeersCommand.Snapshot snapshot = new(
            [new PeersCommand.PeerRow(Hostile, Hostile, "up", 1)],
            [new Registration(Hostile, Hostile, Hostile, Hostile, Hostile, Hostile, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)]);
        string[] lines = PeersCommand.Table(snapshot).ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.All(lines, AssertSafe);
        AssertSafe(PeersCommand.Json(snapshot));
    }

    [Theory]
    [InlineData(HepPayloadType.Log)]
    [InlineData(HepPayloadType.Sip)]
    [InlineData(HepPayloadType.Rtcp)]
    public void What_listen_prints_is_safe(HepPayloadType type)
    {
        byte[] bytes = new byte[4_096];
        HepPacket packet = new()
        {
            Source = HepAddress.FromIPv4(0xc0000201),
            Destination = HepAddress.FromIPv4(0xc0000202),
            PayloadType = type,
            CaptureId = 1,
            Seconds = 1_700_000_000,
            NodeName = _hostileBytes,
            CorrelationId = _hostileBytes,
            Payload = _hostileBytes,
        };
        Assert.True(HepEncoder.TryEncode(packet, bytes, out int length));
        StringWriter text = new();
        StringWriter json = new();
        StringWriter error = new();
        foreach (IPacketPrinter printer in (IPacketPrinter[])[new TextPrinter(text), new JsonPrinter(json)])
        {
            PrintingHandler handler = new(printer, error);
            Assert.True(HepDecoder.TryDecode(bytes.AsSpan(0, length), out HepPacket read, out _));
            handler.OnPacket(read, bytes.AsSpan(0, length), _sender);
            handler.OnMalformed(HepReject.NotHep, _hostileBytes, _sender);
        }

        text.GetStringBuilder().Replace("\t", "");
        AssertLines(text, _ => true);
        AssertLines(json, line => line.StartsWith('{'));
        AssertLines(error, line => line.StartsWith("malformed", StringComparison.Ordinal));
    }

    private static void AssertLines(StringWriter output, Func<string, bool> isExpected)
    {
        string[] lines = output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.All(lines, AssertSafe);
        Assert.All(lines, line => Assert.True(isExpected(line), line));
    }

    private static void AssertSafe(string line)
    {
        foreach (Rune rune in line.EnumerateRunes())
        {
            Assert.True(VisibleText.IsSafe(rune) || rune == new Rune('\ufffd'), $"U+{rune.Value:X4} in {VisibleText.Line(line)}");
        }
    }

    private static object? Argument(ParameterInfo parameter) => parameter.ParameterType switch
    {
        { } type when type == typeof(string) => Hostile,
        { } type when type == typeof(Exception) => new InvalidOperationException(Hostile),
        { } type when type == typeof(EslEndpoint) => new EslEndpoint(Hostile, 8021, Hostile, Hostile),
        { } type when type == typeof(Uri) => new Uri("http://127.0.0.1:9096/"),
        { IsValueType: true } type => Activator.CreateInstance(type),
        { } type => throw new NotSupportedException($"Give {type} a hostile value."),
    };
}
