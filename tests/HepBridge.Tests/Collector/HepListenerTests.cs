using System.Net;
using System.Net.Sockets;
using HepBridge.Collector.Receiving;
using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;
using HepBridge.Tests.Hep;

namespace HepBridge.Tests.Collector;

public sealed class HepListenerTests
{
    private static readonly IPEndPoint _anyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Datagrams_arrive_one_by_one_with_their_sender()
    {
        ReceivedHep received = new();
        await using HepListener listener = HepListener.Start(_anyPort, received);
        Assert.NotEqual(0, listener.EndPoint.Port);
        using UdpClient first = new(_anyPort);
        using UdpClient second = new(_anyPort);
        foreach (byte[] packet in HepPackets.Sofia)
        {
            foreach (UdpClient client in (UdpClient[])[first, second])
            {
                await client.SendAsync(packet, listener.EndPoint, TestContext.Current.CancellationToken);
                ReceivedHep.Item item = await received.NextAsync();
                Assert.Equal(packet, item.Bytes);
                Assert.Equal(HepReject.None, item.Reason);
                Assert.Equal(new HepSender((IPEndPoint)client.Client.LocalEndPoint!, SenderTransport.Udp), item.Sender);
            }
        }
    }

    [Fact]
    public async Task A_malformed_datagram_gives_a_reason_and_the_next_is_received()
    {
        ReceivedHep received = new();
        await using HepListener listener = HepListener.Start(_anyPort, received, tcp: false);
        using UdpClient client = new(_anyPort);
        await client.SendAsync("GET / HTTP/1.0"u8.ToArray(), listener.EndPoint, TestContext.Current.CancellationToken);
        Assert.Equal(HepReject.NotHep, (await received.NextAsync()).Reason);
        await client.SendAsync(Array.Empty<byte>(), listener.EndPoint, TestContext.Current.CancellationToken);
        Assert.Equal(HepReject.Truncated, (await received.NextAsync()).Reason);
        await client.SendAsync(HepExamples.Specification, listener.EndPoint, TestContext.Current.CancellationToken);
        Assert.Equal(HepExamples.Specification, (await received.NextAsync()).Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(113)]
    [InlineData(100_000)]
    public async Task A_stream_in_segments_of_any_size_gives_every_packet(int segment)
    {
        byte[] large = HepPackets.Encode(new HepPacket { PayloadType = HepPayloadType.Log, Payload = new byte[65_000] });
        byte[][] packets = segment == 1
            ? [HepExamples.Specification, HepExamples.Specification, HepPackets.Sofia[0]]
            : [large, HepExamples.Specification, .. HepPackets.Sofia, large];
        byte[] stream = [.. packets.SelectMany(p => p)];
        ReceivedHep received = new();
        await using HepListener listener = HepListener.Start(_anyPort, received);
        using TcpClient client = await ConnectAsync(listener);
        client.NoDelay = true;
        for (int at = 0; at < stream.Length; at += segment)
        {
            await client.GetStream().WriteAsync(stream.AsMemory(at, Math.Min(segment, stream.Length - at)), TestContext.Current.CancellationToken);
        }

        foreach (byte[] packet in packets)
        {
            ReceivedHep.Item item = await received.NextAsync();
            Assert.Equal(packet, item.Bytes);
            Assert.Equal(new HepSender((IPEndPoint)client.Client.LocalEndPoint!, SenderTransport.Tcp), item.Sender);
        }
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_packet_is_truncated()
    {
        ReceivedHep received = new();
        await using HepListener listener = HepListener.Start(_anyPort, received);
        using TcpClient client = await ConnectAsync(listener);
        await client.GetStream().WriteAsync((byte[])[.. HepExamples.Specification, .. HepExamples.Specification[..50]], TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(HepReject.None, (await received.NextAsync()).Reason);
        ReceivedHep.Item rest = await received.NextAsync();
        Assert.Equal(HepReject.Truncated, rest.Reason);
        Assert.Equal(50, rest.Bytes.Length);
    }

    [Theory]
    [InlineData("48455050", HepReject.NotHep)]
    [InlineData("484550330003", HepReject.BadTotalLength)]
    public async Task A_stream_that_cannot_be_followed_is_closed(string hex, HepReject reason)
    {
        ReceivedHep received = new();
        await using HepListener listener = HepListener.Start(_anyPort, received);
        using TcpClient client = await ConnectAsync(listener);
        await client.GetStream().WriteAsync((byte[])[.. HepExamples.Specification, .. Convert.FromHexString(hex)], TestContext.Current.CancellationToken);

        Assert.Equal(HepExamples.Specification, (await received.NextAsync()).Bytes);
        Assert.Equal(reason, (await received.NextAsync()).Reason);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_bad_packet_in_a_good_frame_does_not_end_the_stream()
    {
        byte[] bad = [.. HepExamples.Specification];
        bad[11] = 200;
        ReceivedHep received = new();
        await using HepListener listener = HepListener.Start(_anyPort, received);
        using TcpClient client = await ConnectAsync(listener);
        await client.GetStream().WriteAsync((byte[])[.. bad, .. HepExamples.Specification], TestContext.Current.CancellationToken);

        Assert.Equal(HepReject.BadChunkLength, (await received.NextAsync()).Reason);
        Assert.Equal(HepExamples.Specification, (await received.NextAsync()).Bytes);
    }

    [Fact]
    public async Task A_peer_that_aborts_does_not_disturb_the_others()
    {
        ReceivedHep received = new();
        await using HepListener listener = HepListener.Start(_anyPort, received);
        using TcpClient good = await ConnectAsync(listener);
        using (TcpClient breaking = await ConnectAsync(listener))
        {
            await breaking.GetStream().WriteAsync(HepExamples.Specification, TestContext.Current.CancellationToken);
            Assert.Equal(HepReject.None, (await received.NextAsync()).Reason);
            breaking.LingerState = new LingerOption(true, 0);
        }

        await good.GetStream().WriteAsync(HepExamples.Specification, TestContext.Current.CancellationToken);
        Assert.Equal(HepExamples.Specification, (await received.NextAsync()).Bytes);
        Assert.False(listener.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_port_in_use_gives_one_clear_sentence()
    {
        await using HepListener listener = HepListener.Start(_anyPort, new ReceivedHep());
        IOException udp = Assert.Throws<IOException>(() => HepListener.Start(listener.EndPoint, new ReceivedHep()));
        Assert.Contains($"UDP {listener.EndPoint}: another program uses the port", udp.Message, StringComparison.Ordinal);

        using TcpListener tcpOnly = new(IPAddress.Loopback, 0);
        tcpOnly.Start();
        IOException tcp = Assert.Throws<IOException>(() => HepListener.Start((IPEndPoint)tcpOnly.LocalEndpoint, new ReceivedHep()));
        Assert.Contains("TCP", tcp.Message, StringComparison.Ordinal);

        IOException foreign = Assert.Throws<IOException>(() => HepListener.Start(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), new ReceivedHep()));
        Assert.Contains("no address 192.0.2.1", foreign.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposal_frees_the_port_and_closes_connections()
    {
        HepListener listener = HepListener.Start(_anyPort, new ReceivedHep());
        using TcpClient client = await ConnectAsync(listener);
        await listener.DisposeAsync();
        await listener.DisposeAsync();
        Assert.True(listener.Completion.IsCompletedSuccessfully);
        await using HepListener next = HepListener.Start(listener.EndPoint, new ReceivedHep());
        Assert.Equal(listener.EndPoint, next.EndPoint);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_the_listener_with_its_exception()
    {
        await using HepListener listener = HepListener.Start(_anyPort, new Throwing());
        using UdpClient client = new(_anyPort);
        await client.SendAsync(HepExamples.Specification, listener.EndPoint, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidDataException>(() => listener.Completion.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Both_families_are_received_on_the_IPv6_wildcard()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Skip("no IPv6 on this machine");
        }

        ReceivedHep received = new();
        await using HepListener listener = HepListener.Start(new IPEndPoint(IPAddress.IPv6Any, 0), received);
        using UdpClient client = new(_anyPort);
        await client.SendAsync(HepExamples.Specification, new IPEndPoint(IPAddress.Loopback, listener.EndPoint.Port), TestContext.Current.CancellationToken);
        Assert.Equal(client.Client.LocalEndPoint, (await received.NextAsync()).Sender.EndPoint);
    }

    private static async Task<TcpClient> ConnectAsync(HepListener listener)
    {
        TcpClient client = new(AddressFamily.InterNetwork);
        await client.ConnectAsync(listener.EndPoint, TestContext.Current.CancellationToken);
        return client;
    }

    private sealed class Throwing : IHepHandler
    {
        public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender) => throw new InvalidDataException("full");

        public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender) => throw new InvalidDataException("full");
    }
}
