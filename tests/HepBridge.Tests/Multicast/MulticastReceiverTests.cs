using System.Net;
using System.Net.Sockets;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

/// <summary>Unicast on loopback; the end-to-end tests join groups, in their own namespaces.</summary>
public sealed class MulticastReceiverTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Datagrams_sent_to_this_host_become_events_in_order(string address)
    {
        List<byte[]> datagrams = MulticastCaptures.Datagrams("plain");
        RecordingHandler handler = new(datagrams.Count);
        MulticastReceiver receiver = new(Options(address), handler, TimeProvider.System);
        await using RunningReceiver running = new(receiver);
        int port = (await handler.Listening).Port;
        Send(address, port, datagrams);
        await handler.Enough;
        Assert.Equal(datagrams.Select(d => MulticastDatagramTests.Open(d, null, DatagramReject.None)), handler.Events);
        Assert.All(handler.Senders, sender => Assert.Equal(address, sender.ToString()));
        Assert.Equal(datagrams.Count, receiver.Counters.Datagrams);
        Assert.Equal(datagrams.Count, receiver.Counters.Events);
        Assert.Equal(datagrams.Sum(d => (long)d.Length), receiver.Counters.Bytes);
        receiver.UpdateKernelDrops();
        Assert.Equal(0, receiver.Counters.KernelDrops);
    }

    [Fact]
    public async Task Encrypted_datagrams_become_events_and_the_rest_is_counted_by_reason()
    {
        List<byte[]> datagrams = MulticastCaptures.Datagrams("psk");
        RecordingHandler handler = new(datagrams.Count + 3);
        MulticastReceiver receiver = new(Options("127.0.0.1", MulticastCaptures.Psk), handler, TimeProvider.System);
        await using RunningReceiver running = new(receiver);
        int port = (await handler.Listening).Port;
        byte[] bent = [.. datagrams[0]];
        bent[^3] ^= 0x10;
        Send("127.0.0.1", port, [[.. "noise"u8], datagrams[0][..^4], bent, .. datagrams]);
        await handler.Enough;
        Assert.Equal(MulticastCaptures.Datagrams("psk.decrypted").Select(d => d[..^MulticastDatagram.Trailer.Length]), handler.Events);
        Assert.Equal([DatagramReject.NoTrailer, DatagramReject.BadBlockLength, DatagramReject.Truncated], handler.Rejected);
        Assert.Equal(1, receiver.Counters.Rejected(DatagramReject.NoTrailer));
        Assert.Equal(receiver.Counters.Datagrams, receiver.Counters.Events + 3);
    }

    [Fact]
    public async Task A_listener_that_fails_ends_the_others_so_that_all_can_be_restarted()
    {
        FailingHandler handler = new();
        MulticastReceiver receiver = new(
            new MulticastReceiverOptions { Addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback], Port = 0 }, handler, TimeProvider.System);
        Task running = receiver.RunAsync(TestContext.Current.CancellationToken);
        Send("127.0.0.1", await handler.Port, [MulticastCaptures.Datagrams("plain")[0]]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => running);
    }

    private sealed class FailingHandler : IMulticastHandler
    {
        private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<int> Port => _port.Task;

        public void OnBatch(MulticastBatch batch) => throw new InvalidOperationException("handler fault");

        public void OnRejected(DatagramReject reason, SenderAddress sender)
        {
        }

        public void OnListener(MulticastListenerStatus status)
        {
            if (status.Address.Equals(IPAddress.Loopback))
            {
                _port.TrySetResult(status.Port);
            }
        }
    }

    [Fact]
    public async Task A_foreign_sender_is_rejected()
    {
        RecordingHandler handler = new(1);
        MulticastReceiver receiver = new(Options("127.0.0.1", allowed: "10.0.0.0/8"), handler, TimeProvider.System);
        await using RunningReceiver running = new(receiver);
        Send("127.0.0.1", (await handler.Listening).Port, MulticastCaptures.Datagrams("plain")[..1]);
        await handler.Enough;
        Assert.Equal([DatagramReject.ForeignSender], handler.Rejected);
        Assert.Empty(handler.Events);
    }

    [Fact]
    public async Task The_largest_datagram_is_read_completely()
    {
        byte[] datagram = new byte[MulticastDatagram.MaxLength];
        "Event-Name: X\n\n"u8.CopyTo(datagram);
        datagram.AsSpan(15).Fill((byte)'x');
        MulticastDatagram.Trailer.CopyTo(datagram.AsSpan(datagram.Length - MulticastDatagram.Trailer.Length));
        RecordingHandler handler = new(1);
        MulticastReceiver receiver = new(Options("127.0.0.1"), handler, TimeProvider.System);
        await using RunningReceiver running = new(receiver);
        Send("127.0.0.1", (await handler.Listening).Port, [datagram]);
        await handler.Enough;
        Assert.Equal(datagram.Length - MulticastDatagram.Trailer.Length, Assert.Single(handler.Events).Length);
    }

    [Fact]
    public async Task Kernel_drops_are_counted()
    {
        RecordingHandler handler = new(1);
        MulticastReceiverOptions options = new() { Addresses = [IPAddress.Loopback], Port = 0, ReceiveBuffer = 4096 };
        MulticastReceiver receiver = new(options, handler, TimeProvider.System);
        await using RunningReceiver running = new(receiver);
        MulticastListenerStatus status = await handler.Listening;
        Assert.True(status.ReceiveBuffer >= 1024);
        using (handler.Hold())
        {
            // The handler is stuck in its first batch, so nobody reads and the small buffer overflows.
            Send("127.0.0.1", status.Port, Enumerable.Repeat(MulticastCaptures.Datagrams("plain")[0], 500));
        }

        while (receiver.Counters.Datagrams + receiver.Counters.KernelDrops < 500)
        {
            receiver.UpdateKernelDrops();
            await Task.Yield();
        }

        Assert.Equal(500, receiver.Counters.Datagrams + receiver.Counters.KernelDrops);
        Assert.True(OperatingSystem.IsLinux() && receiver.Counters.KernelDrops > 0);
    }

    [Fact]
    public async Task A_port_in_use_is_explained_and_retried()
    {
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        RecordingHandler handler = new(1);
        MulticastReceiverOptions options = new() { Addresses = [IPAddress.Loopback], Port = port, CheckInterval = TimeSpan.FromMilliseconds(5) };
        await using RunningReceiver running = new(new MulticastReceiver(options, handler, TimeProvider.System));
        Assert.Equal($"another program uses 127.0.0.1 port {port}: stop it or choose another MULTICAST_PORT", (await handler.Waiting).Problem);
        other.Dispose();
        Assert.Equal(port, (await handler.Listening).Port);
    }

    [Fact]
    public async Task An_address_of_another_host_and_a_missing_interface_are_explained()
    {
        RecordingHandler handler = new(1);
        await using (RunningReceiver running = new(new MulticastReceiver(Options("192.0.2.77"), handler, TimeProvider.System)))
        {
            Assert.Contains("192.0.2.77 is neither a multicast group nor an address of this host", (await handler.Waiting).Problem, StringComparison.Ordinal);
        }

        handler = new(1);
        MulticastReceiverOptions options = new() { Addresses = [IPAddress.Parse("225.1.1.1")], Port = 0, Interface = "nosuch0" };
        await using (RunningReceiver running = new(new MulticastReceiver(options, handler, TimeProvider.System)))
        {
            Assert.Contains("there is no interface nosuch0", (await handler.Waiting).Problem, StringComparison.Ordinal);
        }
    }

    internal static void Send(string address, int port, IEnumerable<byte[]> datagrams)
    {
        IPEndPoint to = new(IPAddress.Parse(address), port);
        using Socket socket = new(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        foreach (byte[] datagram in datagrams)
        {
            socket.SendTo(datagram, to);
        }
    }

    private static MulticastReceiverOptions Options(string address, string? psk = null, string? allowed = null) => new()
    {
        Addresses = [IPAddress.Parse(address)],
        Port = 0,
        Psk = psk,
        AllowedSenders = allowed is null ? [] : [IPNetwork.Parse(allowed)],
    };
}
