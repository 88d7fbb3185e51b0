using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Replay;
using HepBridge.Reports;
using HepBridge.Tests.Esl;

namespace HepBridge.Benchmarks.Rates;

/// <summary>
/// A switch in a separate process, so that its work is not counted: sends the same recorded events over and over, as
/// fast as they are accepted.
/// </summary>
internal sealed class RateSender : IDisposable
{
    public const string Argument = "rates-sender";
    public const string Psk = "hepbridge-rates";

    private readonly Process _process;

    private RateSender(Process process) => _process = process;

    /// <summary>Starts a stand-in event socket, and returns its port.</summary>
    public static async Task<(RateSender Sender, int Port)> StartEventSocketAsync()
    {
        Process process = Start("esl");
        return (new RateSender(process), int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
    }

    /// <summary>Starts sending to a loopback port.</summary>
    public static RateSender StartMulticast(int port, string? psk) => new(Start("multicast", port.ToString(CultureInfo.InvariantCulture), psk ?? ""));

    /// <summary>Publishes messages to a broker, and ends when all are sent.</summary>
    public static async Task PublishAsync(int port, string queue, int count, bool isSmall)
    {
        using Process process = Start("amqp", port.ToString(CultureInfo.InvariantCulture), queue, count.ToString(CultureInfo.InvariantCulture), isSmall ? "small" : "all");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException("The messages could not be published.");
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Runs the separate process.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["multicast", string port, string psk])
        {
            SendDatagrams(int.Parse(port, CultureInfo.InvariantCulture), psk.Length == 0 ? null : new PskCipher(Encoding.UTF8.GetBytes(psk)));
            return 0;
        }

        if (arguments is ["amqp", string broker, string queue, string count, string size])
        {
            await AmqpMessages.PublishAsync(int.Parse(broker, CultureInfo.InvariantCulture), queue, int.Parse(count, CultureInfo.InvariantCulture), size == "small");
            return 0;
        }

        await ServeAsync();
        return 0;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Argument, .. arguments]) { RedirectStandardOutput = true })!;

    /// <summary>The recorded events that the agent subscribes to.</summary>
    public static List<byte[]> Events()
    {
        Recording recording = Recording.LoadDemo();
        (IReadOnlyList<string> names, _) = new ReportPlan(new ReportOptions()).Subscription();
        return
        [
            .. recording.Frames.Where(frame => !frame.IsLog && names.Contains(frame.Name))
                .Select(frame => recording.Bytes.AsSpan(frame.BodyOffset, frame.BodyLength).ToArray()),
        ];
    }

    private static void SendDatagrams(int port, PskCipher? cipher)
    {
        MulticastDatagramWriter writer = new("fs", cipher);
        byte[] buffer = new byte[MulticastDatagram.MaxLength];
        List<byte[]> datagrams = [];
        foreach (byte[] plain in Events())
        {
            writer.TryWrite(plain, Guid.NewGuid(), buffer, out int length);
            datagrams.Add(buffer[..length]);
        }

        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        while (true)
        {
            foreach (byte[] datagram in datagrams)
            {
                try
                {
                    socket.Send(datagram);
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
                {
                    // Nobody is listening yet, or any more: the parent ends this process.
                    Thread.Yield();
                }
            }
        }
    }

    private static async Task ServeAsync()
    {
        byte[] stream = [.. Events().SelectMany(plain => Encoding.UTF8.GetBytes(FakeEventSocket.Frame(Encoding.UTF8.GetString(plain))))];
        using FakeEventSocket socket = new();
        Console.WriteLine(socket.Port);
        await socket.ServeAsync(
            static command => command.StartsWith("api", StringComparison.Ordinal) ? FakeEventSocket.Api("{\"row_count\":0}") : FakeEventSocket.Accepted,
            async (peer, ended) =>
            {
                while (true)
                {
                    await peer.SendAsync(stream, null, ended);
                }
            },
            CancellationToken.None);
    }
}
