using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using HepBridge.Commands;
using HepBridge.Fuzz.Corpora;
using HepBridge.Tests.Hep;

namespace HepBridge.Tests.Commands;

public sealed class ListenCommandTests
{
    [Fact]
    public async Task Packets_are_printed_as_JSON_and_counted_until_stopped()
    {
        Lines output = new();
        Lines error = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int> run = RunAsync("--port 0 --json", output, error, stop.Token);
        IPEndPoint endPoint = await ListeningAsync(error);

        using UdpClient udp = new(AddressFamily.InterNetwork);
        await udp.SendAsync(HepExamples.Specification, endPoint, TestContext.Current.CancellationToken);
        using (JsonDocument line = JsonDocument.Parse(await output.NextAsync()))
        {
            Assert.Equal("2011-08-15T20:34:19.120000Z", line.RootElement.GetProperty("time").GetString());
            Assert.Equal("INVITE sip:bob", line.RootElement.GetProperty("payload").GetString());
            Assert.Equal("udp", line.RootElement.GetProperty("transport").GetString());
        }

        using TcpClient tcp = new(AddressFamily.InterNetwork);
        await tcp.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        await tcp.GetStream().WriteAsync((byte[])[.. HepPackets.Encode(HepExamples.Full()), .. "nonsense"u8], TestContext.Current.CancellationToken);
        using (JsonDocument line = JsonDocument.Parse(await output.NextAsync()))
        {
            Assert.Equal("LOG", line.RootElement.GetProperty("type_name").GetString());
            Assert.Equal("tcp", line.RootElement.GetProperty("transport").GetString());
        }

        Assert.Equal($"malformed (NotHep): 8 bytes by TCP from {tcp.Client.LocalEndPoint}: no \"HEP3\" at the start", await error.NextAsync());
        await stop.CancelAsync();
        Assert.Equal("2 packets (SIP 1, LOG 1), 1 malformed (NotHep 1)", await error.NextAsync());
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task Without_TCP_only_UDP_is_received_and_text_is_printed()
    {
        Lines output = new();
        Lines error = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int> run = RunAsync("--port 0 --tcp false", output, error, stop.Token);
        IPEndPoint endPoint = await ListeningAsync(error);

        using TcpClient tcp = new(AddressFamily.InterNetwork);
        await Assert.ThrowsAsync<SocketException>(async () => await tcp.ConnectAsync(endPoint, TestContext.Current.CancellationToken));
        using UdpClient udp = new(AddressFamily.InterNetwork);
        await udp.SendAsync(HepExamples.Specification, endPoint, TestContext.Current.CancellationToken);
        Assert.Equal("2011-08-15T20:34:19.120000Z  SIP (1)  212.202.0.1:12010 → 82.116.0.211:5060 UDP  capture id 228", await output.NextAsync());
        Assert.Equal("    INVITE sip:bob", await output.NextAsync());
        await stop.CancelAsync();
        Assert.Equal("1 packet (SIP 1), 0 malformed", await error.NextAsync());
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task A_port_in_use_exits_with_1_and_a_sentence()
    {
        using UdpClient other = new(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)other.Client.LocalEndPoint!).Port;
        Lines error = new();
        Assert.Equal(1, await RunAsync($"--port {port}", new Lines(), error, TestContext.Current.CancellationToken));
        Assert.StartsWith($"Cannot listen on UDP 127.0.0.1:{port}: another program uses the port.", await error.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_output_exits_with_1_and_the_reason()
    {
        Lines error = new();
        Task<int> run = RunAsync("--port 0", new Full(), error, TestContext.Current.CancellationToken);
        IPEndPoint endPoint = await ListeningAsync(error);
        using UdpClient udp = new(AddressFamily.InterNetwork);
        await udp.SendAsync(HepExamples.Specification, endPoint, TestContext.Current.CancellationToken);
        Assert.Equal("1 packet (SIP 1), 0 malformed", await error.NextAsync());
        Assert.Equal("Stopped receiving: No space left on device", await error.NextAsync());
        Assert.Equal(1, await run);
    }

    [Theory]
    [InlineData("--port 65536")]
    [InlineData("--port -1")]
    [InlineData("--port abc")]
    [InlineData("--bind example.org")]
    [InlineData("--bind")]
    [InlineData("--jsonn")]
    [InlineData("more")]
    public void Invalid_arguments_are_a_parse_error(string arguments)
    {
        ParseResult result = ListenCommand.Create().Parse(arguments);
        Assert.NotEmpty(result.Errors);
    }

    private static Task<int> RunAsync(string arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken) =>
        ListenCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellationToken);

    private static async Task<IPEndPoint> ListeningAsync(Lines error)
    {
        string line = await error.NextAsync();
        Assert.StartsWith("listening on 127.0.0.1:", line, StringComparison.Ordinal);
        return IPEndPoint.Parse(line.Split(' ')[2]);
    }

    private sealed class Full : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }

    /// <summary>A writer whose lines a test can wait for.</summary>
    private sealed class Lines : TextWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            Assert.True(_lines.Writer.TryWrite(_line.ToString()));
            _line.Clear();
        }

        public async Task<string> NextAsync() => await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken);
    }
}
