using System.CommandLine;
using System.Net;
using HepBridge.Commands;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Replay;
using HepBridge.Tests.Multicast;

namespace HepBridge.Tests.Replay;

public sealed class MulticastReplayTests
{
    private static readonly string _file = Path.Combine(AppContext.BaseDirectory, "Captures", "multicast", "plain.frames.gz");

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("a psk", "127.0.0.1")]
    [InlineData(null, "[::1]")]
    public async Task Recorded_datagrams_are_resent_plain_or_encrypted(string? psk, string address)
    {
        byte[][] expected = [.. MulticastCaptures.Datagrams("plain").Select(d => MulticastDatagramTests.Open(d, null, DatagramReject.None))];
        RecordingHandler handler = new(expected.Length);
        MulticastReceiverOptions options = new() { Addresses = [IPAddress.Parse(address)], Port = 0, Psk = psk };
        await using RunningReceiver running = new(new MulticastReceiver(options, handler, TimeProvider.System));
        int port = (await handler.Listening).Port;
        List<string> arguments = [_file, "--multicast", $"{address}:{port}", "--burst", "--keep-times"];
        if (psk is not null)
        {
            arguments.AddRange(["--psk", psk]);
        }

        StringWriter output = new();
        ParseResult parsed = ReplayCommand.Create().Parse(arguments);
        Assert.Equal(0, await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, TestContext.Current.CancellationToken));
        await handler.Enough;
        Assert.Equal(expected, handler.Events);
        Assert.Contains("360 events sent.", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--multicast", "nowhere")]
    [InlineData("--psk", "")]
    [InlineData("--ttl", "256")]
    public void A_wrong_option_is_an_error(string option, string value) =>
        Assert.NotEmpty(ReplayCommand.Create().Parse([_file, "--multicast", "127.0.0.1", option, value]).Errors);

    [Fact]
    public async Task A_missing_interface_is_reported()
    {
        StringWriter error = new();
        ParseResult parsed = ReplayCommand.Create().Parse([_file, "--multicast", "225.1.1.1", "--interface", "nosuch0"]);
        Assert.Equal(1, await parsed.InvokeAsync(new InvocationConfiguration { Output = error, Error = error }, TestContext.Current.CancellationToken));
        Assert.Contains("there is no interface nosuch0", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_or_foreign_datagram_files_are_rejected()
    {
        Assert.Throws<RecordingException>(() => DatagramRecording.ToEventSocket([0, 0, 0, 9, 1]));
        Assert.Throws<RecordingException>(() => DatagramRecording.ToEventSocket([0, 0]));
        Assert.Throws<RecordingException>(() => DatagramRecording.ToEventSocket([0, 0, 0, 1, 1]));
        Assert.Throws<RecordingException>(() => DatagramRecording.ToEventSocket([0xff, 0xff, 0xff, 0xff, 1]));
    }
}
