using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Streams;

namespace HepBridge.Tests.Outputs.Streams;

public sealed class StreamOutputTests
{
    private static readonly StreamTimings _quick = new()
    {
        FirstRetry = TimeSpan.FromMilliseconds(20),
        LongestRetry = TimeSpan.FromMilliseconds(200),
        Write = TimeSpan.FromMilliseconds(500),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_packet_arrives_once_and_in_order(bool tls)
    {
        using TestCertificates certificates = new();
        await using ScriptedCollector collector = new(tls ? certificates.Server() : null);
        await using IOutput output = Create(collector, tls ? certificates : null);
        await OfferAsync(output, 0, 20_000);
        await Eventually.True(() => collector.Numbers.Length == 20_000, () => $"{collector.Numbers.Length} of 20000");
        Assert.Equal(Enumerable.Range(0, 20_000), collector.Numbers);
        Assert.Equal(20_000, output.Counters.Sent);
        Assert.Equal(0, output.Counters.Resent);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_collector_gets_everything_in_order(bool tls)
    {
        using TestCertificates certificates = new();
        await using ScriptedCollector collector = new(tls ? certificates.Server() : null, 0, ScriptedCollector.SlowFor(4000));
        await using IOutput output = Create(collector, tls ? certificates : null);
        await OfferAsync(output, 0, 10_000, payload: 800);
        await Eventually.True(() => collector.Numbers.Length == 10_000, () => $"{collector.Numbers.Length} of 10000");
        Assert.Equal(Enumerable.Range(0, 10_000), collector.Numbers);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task An_address_that_never_answers_leaves_time_for_the_names_next_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "127.0.0.2 is an address of this host only on Linux");
        await using ScriptedCollector collector = new();
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), collector.Port));
        silent.Listen(0);

        // With its queue full, the kernel does not answer further attempts.
        List<Socket> waiting = [];
        for (int i = 0; i < 4; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            waiting.Add(socket);
            _ = socket.ConnectAsync(silent.LocalEndPoint!);
        }

        CollectorAddress address = new(
            new HepServer("collector.example", collector.Port), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]));
        TcpConnector connector = new(new StreamTimings { Connect = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        using (Socket connected = await connector.ConnectSocketAsync(address, CancellationToken.None))
        {
            Assert.Equal(new IPEndPoint(IPAddress.Loopback, collector.Port), connected.RemoteEndPoint);
        }

        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_clean_stop_of_the_collector_loses_and_duplicates_nothing()
    {
        await using ScriptedCollector collector = new(
            null, 0, ScriptedCollector.HalfCloseAfter(100), ScriptedCollector.HalfCloseAfter(1000), ScriptedCollector.HalfCloseAfter(3000));
        await using IOutput output = Create(collector);
        await OfferAsync(output, 0, 30_000);
        await Eventually.True(() => collector.Numbers.Length >= 30_000, () => $"{collector.Numbers.Length} of 30000");
        Assert.Equal(Enumerable.Range(0, 30_000), collector.Numbers.Order());

        // The number of ends seen depends on how much the kernel accepted before the first one.
        Assert.InRange(collector.Connections, 2, 4);
        Assert.Equal(0, collector.TornTails);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_resets_the_resend_window_closes_the_gap_in_order(bool tls)
    {
        using TestCertificates certificates = new();
        await using ScriptedCollector collector = new(
            tls ? certificates.Server() : null, 0, ScriptedCollector.ResetAfter(50), ScriptedCollector.ResetAfter(2001), ScriptedCollector.ResetAfter(9000));
        await using IOutput output = Create(collector, tls ? certificates : null, resend: TimeSpan.FromMinutes(1));
        await OfferAsync(output, 0, 20_000);
        await Eventually.True(() => collector.Numbers.Distinct().Count() == 20_000, () => $"{collector.Numbers.Distinct().Count()} of 20000");
        Assert.Equal(Enumerable.Range(0, 20_000), collector.Numbers.Distinct());
        Assert.True(output.Counters.Resent > 0);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_packet_cut_off_by_a_close_is_sent_whole_on_the_next_connection()
    {
        await using ScriptedCollector collector = new(null, 0, CloseWithin, CloseWithin, CloseWithin);
        await using IOutput output = Create(collector, resend: TimeSpan.FromMinutes(1));
        await OfferAsync(output, 0, 2000, payload: 30_000);
        await Eventually.True(() => collector.Numbers.Distinct().Count() == 2000, () => $"{collector.Numbers.Distinct().Count()} of 2000");
        Assert.Equal(Enumerable.Range(0, 2000), collector.Numbers.Distinct());
        ConservationLaw.AssertHolds(output.Counters);

        static async Task CloseWithin(ScriptedCollector.Connection connection)
        {
            await connection.ReadAsync(3);
            await connection.Stream.ReadAtLeastAsync(new byte[777], 777);
        }
    }

    [Fact]
    public async Task A_collector_that_never_reads_is_given_up_and_the_next_connection_gets_everything()
    {
        TaskCompletionSource forever = new();
        await using ScriptedCollector collector = new(null, 0, _ => forever.Task);
        await using IOutput output = Create(collector, resend: TimeSpan.FromMinutes(1));
        await OfferAsync(output, 0, 10_000, payload: 1000);
        await Eventually.True(() => collector.Numbers.Length >= 10_000, () => $"{collector.Numbers.Length} of 10000");
        Assert.Equal(Enumerable.Range(0, 10_000), collector.Numbers);
        ConservationLaw.AssertHolds(output.Counters);
        forever.SetResult();
    }

    [Fact]
    public async Task A_collector_that_starts_later_gets_queued_packets_and_the_ring_drops_in_steps()
    {
        ScriptedCollector first = new();
        int port = first.Port;
        await first.DisposeAsync();
        byte[] packet = TestPackets.Make(1000);
        await using IOutput output = new OutputFactory(new KeptLog(), TimeProvider.System, _quick).Create(
            new HepOutputConfiguration { Servers = [new("127.0.0.1", port)], Transport = HepTransport.Tcp, RingBytes = packet.Length * 100 });
        for (int i = 0; i < 200; i++)
        {
            output.Offer(TestPackets.Make(1000 + i), i < 150 ? PacketKind.Rtcp : PacketKind.Log);
        }

        output.Flush();
        Assert.Equal(75, output.Counters.Dropped(DropReason.BackPressure));
        Assert.Equal(25, output.Counters.Dropped(DropReason.RingFull));
        await using ScriptedCollector collector = new(null, port);
        await Eventually.True(() => collector.Numbers.Length == 100, () => $"{collector.Numbers.Length} of 100");
        Assert.Equal(Enumerable.Range(1000, 75).Concat(Enumerable.Range(1150, 25)), collector.Numbers);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_stop_sends_as_much_as_possible_and_counts_the_rest()
    {
        await using ScriptedCollector collector = new();
        IOutput output = Create(collector);
        await OfferAsync(output, 0, 5000);
        await output.DrainAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        await output.DisposeAsync();
        await Eventually.True(() => collector.Numbers.Length == 5000, () => $"{collector.Numbers.Length} of 5000");
        Assert.Equal(5000, output.Counters.Sent);
        output.Offer(TestPackets.Make(1), PacketKind.Log);
        Assert.Equal(1, output.Counters.Dropped(DropReason.Shutdown));
        ConservationLaw.AssertHolds(output.Counters);

        await collector.StopAsync();
        IOutput other = Create(collector);
        await OfferAsync(other, 0, 10);
        await other.DisposeAsync();
        Assert.Equal(10, other.Counters.Dropped(DropReason.Shutdown));
        ConservationLaw.AssertHolds(other.Counters);
    }

    [Fact]
    public async Task A_packet_that_would_make_a_collector_close_is_rejected()
    {
        await using ScriptedCollector collector = new();
        await using IOutput output = Create(collector);
        output.Offer(TestPackets.Make(1, 65_405), PacketKind.Log);
        Assert.Equal(1, output.Counters.Dropped(DropReason.TooLarge));
        ConservationLaw.AssertHolds(output.Counters);
    }

    private static IOutput Create(ScriptedCollector collector, TestCertificates? certificates = null, TimeSpan resend = default) =>
        new OutputFactory(new KeptLog(), TimeProvider.System, _quick).Create(new HepOutputConfiguration
        {
            Servers = [new("127.0.0.1", collector.Port)],
            Transport = certificates is null ? HepTransport.Tcp : HepTransport.Tls,
            Tls = new TlsOptions(Ca: certificates?.CaFile),
            ResendWindow = resend,
            RingBytes = 64 << 20,
        });

    private static async Task OfferAsync(IOutput output, int first, int count, int payload = 100)
    {
        for (int i = 0; i < count; i++)
        {
            output.Offer(TestPackets.Make(first + i, payload), PacketKind.Log);
            if (i % 50 == 49)
            {
                output.Flush();
                if (i % 1000 == 999)
                {
                    await Task.Yield();
                }
            }
        }

        output.Flush();
    }
}
