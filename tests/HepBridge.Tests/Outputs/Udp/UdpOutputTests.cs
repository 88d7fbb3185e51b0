using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Udp;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Tests.Outputs.Udp;

public sealed class UdpOutputTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public async Task Every_packet_arrives_whole_and_in_order(string host)
    {
        using Socket collector = Listen(host == "::1" ? IPAddress.IPv6Loopback : IPAddress.Loopback);
        await using UdpOutput output = Create(new CollectorAddress(new HepServer(host, Port(collector))));
        int next = 0;
        for (int batch = 0; batch < 40; batch++)
        {
            for (int i = 0; i < 5; i++)
            {
                output.Offer(TestPackets.Make(next++), PacketKind.Log);
            }

            output.Flush();
        }

        await output.DrainAsync(new CancellationTokenSource(_patience).Token);
        for (int i = 0; i < next; i++)
        {
            Assert.Equal(i, Receive(collector));
        }

        Assert.Equal(next, output.Counters.Sent);
        Assert.True(output.IsHealthy);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_full_batch_is_sent_without_a_flush()
    {
        using Socket collector = Listen(IPAddress.Loopback);
        await using UdpOutput output = Create(new CollectorAddress(collector.LocalEndPoint!));
        for (int i = 0; i < 64; i++)
        {
            output.Offer(TestPackets.Make(i), PacketKind.Log);
        }

        Assert.Equal(64, output.Counters.Sent);
        Assert.Equal(0, output.Counters.Queued);
        Assert.Equal(0, Receive(collector));
    }

    [Fact]
    public async Task A_closed_port_is_noticed_and_nothing_is_lost_once_it_opens()
    {
        IPEndPoint endPoint;
        using (Socket probe = Listen(IPAddress.Loopback))
        {
            endPoint = (IPEndPoint)probe.LocalEndPoint!;
        }

        await using UdpOutput output = Create(new CollectorAddress(endPoint));
        for (int i = 0; i < 20; i++)
        {
            output.Offer(TestPackets.Make(i), PacketKind.Log);
        }

        output.Flush();
        output.Offer(TestPackets.Make(20), PacketKind.Log);
        output.Flush();
        Assert.True(output.Refusals > 0, $"{output.Refusals} refusals");
        Assert.False(output.IsHealthy);

        using Socket collector = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        collector.Bind(endPoint);
        for (int i = 100; i < 110; i++)
        {
            output.Offer(TestPackets.Make(i), PacketKind.Log);
        }

        output.Flush();
        Assert.Equal(Enumerable.Range(100, 10), Enumerable.Range(0, 10).Select(_ => Receive(collector)));
        Assert.Equal(0, output.Counters.Queued);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_packet_larger_than_a_datagram_is_counted_and_the_next_one_is_sent()
    {
        using Socket collector = Listen(IPAddress.Loopback);
        await using UdpOutput output = Create(new CollectorAddress(collector.LocalEndPoint!));
        output.Offer(TestPackets.Make(1, 65_410), PacketKind.Log);
        output.Offer(TestPackets.Make(2, 65_300), PacketKind.Log);
        output.Flush();
        Assert.Equal(2, Receive(collector));
        Assert.Equal(1, output.Counters.Dropped(DropReason.TooLarge));
        ConservationLaw.AssertHolds(output.Counters);
    }

    // A local datagram socket behaves like a network card's queue: it makes the sender wait.
    [Fact]
    public async Task Packets_the_kernel_rejects_are_queued_in_order_and_counted_beyond_the_ring()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "local datagram sockets are Linux's");
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using Socket collector = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        collector.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            byte[] packet = TestPackets.Make(0);
            await using UdpOutput output = Create(new CollectorAddress(new UnixDomainSocketEndPoint(path)), packet.Length * 1000);
            const int Offered = 5000;
            for (int i = 0; i < Offered; i++)
            {
                output.Offer(TestPackets.Make(i), i % 2 == 0 ? PacketKind.Rtcp : PacketKind.Log);
            }

            output.Flush();
            Assert.True(output.Counters.Queued > 900, "the ring is nearly full");
            Assert.True(output.Counters.Dropped(DropReason.RingFull) > 0);
            Assert.True(output.Counters.Dropped(DropReason.BackPressure) > 0);
            Assert.Equal(0, output.Counters.Dropped(DropReason.SendError));

            long expected = Offered - output.Counters.DroppedTotal;
            int last = -1;
            for (int i = 0; i < expected; i++)
            {
                int number = Receive(collector);
                Assert.True(number > last, $"{number} after {last}");
                last = number;
            }

            output.Offer(TestPackets.Make(Offered), PacketKind.Log);
            output.Flush();
            Assert.Equal(Offered, Receive(collector));
            await output.DrainAsync(new CancellationTokenSource(_patience).Token);
            Assert.Equal(0, output.Refusals);
            ConservationLaw.AssertHolds(output.Counters);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_blocks_nothing_and_every_packet_is_accounted_for()
    {
        byte[] packet = TestPackets.Make(0);
        UdpOutput output = Create(new CollectorAddress(new HepServer("no-such-collector.invalid", 9060)), packet.Length * 3);
        for (int i = 0; i < 5; i++)
        {
            output.Offer(packet, PacketKind.Log);
            output.Flush();
        }

        Assert.False(output.IsHealthy);
        Assert.Equal(3, output.Counters.Queued);
        Assert.Equal(2, output.Counters.Dropped(DropReason.Unreachable));
        await output.DisposeAsync();
        Assert.Equal(3, output.Counters.Dropped(DropReason.Shutdown));
        Assert.Equal(0, output.Counters.Queued);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_collector_that_silently_moves_to_another_address_is_followed()
    {
        using Socket first = Listen(IPAddress.Loopback);
        using Socket second = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        second.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), Port(first)));
        Esl.ManualTime time = new();
        IPAddress now = IPAddress.Loopback;
        int lookUps = 0;
        CollectorAddress address = new(new HepServer("collector.example", Port(first)), (_, _) =>
        {
            Interlocked.Increment(ref lookUps);
            return Task.FromResult<IPAddress[]>([Volatile.Read(ref now)]);
        });
        KeptLog log = new();
        await using UdpOutput output = new(address, 1 << 20, new OutputCounters(), log, time);
        output.Offer(TestPackets.Make(1), PacketKind.Log);
        output.Flush();
        Assert.Equal(1, Receive(first));
        Volatile.Write(ref now, IPAddress.Parse("127.0.0.2"));
        time.Advance(UdpOutput.LookUpInterval);
        await Eventually.True(() => log.Text.Contains("sending to 127.0.0.2", StringComparison.Ordinal), () => log.Text);
        output.Offer(TestPackets.Make(2), PacketKind.Log);
        output.Flush();
        Assert.Equal(2, Receive(second));
        Assert.Equal(2, Volatile.Read(ref lookUps));
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task Sending_allocates_nothing()
    {
        using Socket collector = Listen(IPAddress.Loopback);
        await using UdpOutput output = Create(new CollectorAddress(collector.LocalEndPoint!));
        byte[] packet = TestPackets.Make(0, 400);
        Send(2000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Send(20_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);

        void Send(int packets)
        {
            for (int i = 0; i < packets; i++)
            {
                output.Offer(packet, PacketKind.Log);
                if (i % 3 == 0)
                {
                    output.Flush();
                }
            }
        }
    }

    private static UdpOutput Create(CollectorAddress address, int ring = 16 << 20) =>
        new(address, ring, new OutputCounters(), NullLogger.Instance, TimeProvider.System);

    private static Socket Listen(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static int Receive(Socket socket)
    {
        byte[] buffer = new byte[70_000];
        socket.ReceiveTimeout = (int)_patience.TotalMilliseconds;
        int length = socket.Receive(buffer);
        return TestPackets.NumberOf(buffer.AsSpan(0, length));
    }
}
