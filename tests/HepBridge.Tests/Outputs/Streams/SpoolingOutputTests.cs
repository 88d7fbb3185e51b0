using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Spooling;
using HepBridge.Outputs.Streams;

namespace HepBridge.Tests.Outputs.Streams;

public sealed class SpoolingOutputTests : IDisposable
{
    private static readonly StreamTimings _quick = new() { FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(50) };

    private readonly string _path = Path.Combine(Path.GetTempPath(), "hepbridge-" + Path.GetRandomFileName());
    private readonly KeptLog _log = new();

    [Fact]
    public async Task An_outage_and_a_restart_lose_and_duplicate_nothing()
    {
        int port = await UnusedPortAsync();
        IOutput output = Create(port);
        Offer(output, 0, 5000);
        await Eventually.True(() => output.Counters.Spooled == 5000, () => $"{output.Counters.Spooled} spooled");
        Offer(output, 5000, 100);
        await output.DrainAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        await output.DisposeAsync();
        Assert.Equal(5100, output.Counters.Spooled);
        ConservationLaw.AssertHolds(output.Counters);
        Assert.Contains("5100 spooled", _log.Text, StringComparison.Ordinal);

        await using ScriptedCollector collector = new(null, port);
        await using IOutput next = Create(port);
        Offer(next, 6000, 50);
        await Eventually.True(() => collector.Numbers.Length >= 5150, () => $"{collector.Numbers.Length} of 5150");
        await Eventually.True(() => next.Counters.Spooled == 0, () => $"{next.Counters.Spooled} spooled");
        Assert.Equal(Enumerable.Range(0, 5100), collector.Numbers.Where(number => number < 6000));
        Assert.Equal(Enumerable.Range(6000, 50), collector.Numbers.Where(number => number >= 6000));
        Assert.Equal(5100, next.Counters.Recovered);
        ConservationLaw.AssertHolds(next.Counters);
    }

    [Fact]
    public async Task A_stalled_collector_fills_the_spool_and_gets_each_packet_once_when_it_continues()
    {
        TaskCompletionSource goOn = new();
        await using ScriptedCollector collector = new(null, 0, async connection =>
        {
            await connection.WaitAsync(goOn.Task);
            await ScriptedCollector.ReadAll(connection);
        });
        await using IOutput output = Create(collector.Port);
        Offer(output, 0, 20_000, payload: 1000);
        await Eventually.True(() => output.Counters.Queued == 0 && output.Counters.Spooled > 1000, () => $"{output.Counters.Spooled} spooled");
        ConservationLaw.AssertHolds(output.Counters);
        goOn.SetResult();
        Offer(output, 20_000, 100, payload: 1000);
        await Eventually.True(() => collector.Numbers.Length >= 20_100, () => $"{collector.Numbers.Length} of 20100");
        await Eventually.True(() => output.Counters.Spooled == 0, () => $"{output.Counters.Spooled} spooled");
        Assert.Equal(Enumerable.Range(0, 20_100), collector.Numbers.Order());
        Assert.Equal(0, output.Counters.Resent);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_full_spool_leaves_packets_in_the_ring_and_gives_the_reason_for_further_drops()
    {
        int port = await UnusedPortAsync();
        byte[] packet = TestPackets.Make(1000, 1000);
        await using IOutput output = Create(port, maxBytes: packet.Length * 100, ring: packet.Length * 200);
        Offer(output, 1000, 150, payload: 1000);
        await Eventually.True(() => _log.Text.Contains("max_bytes", StringComparison.Ordinal), () => _log.Text);
        Offer(output, 1150, 150, payload: 1000);
        Assert.True(output.Counters.Dropped(DropReason.SpoolFull) > 0);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_stop_while_the_spool_drains_leaves_exactly_the_rest_for_the_next_start()
    {
        int port = await UnusedPortAsync();
        await using (IOutput output = Create(port))
        {
            Offer(output, 0, 10_000, payload: 300);
            await Eventually.True(() => output.Counters.Spooled == 10_000, () => $"{output.Counters.Spooled} spooled");
        }

        int[] first;
        await using (ScriptedCollector collector = new(null, port))
        {
            await using (IOutput output = Create(port))
            {
                await Eventually.True(() => collector.Numbers.Length > 1000, () => $"{collector.Numbers.Length}");
            }

            await collector.StopAsync();
            first = collector.Numbers;
        }

        await using ScriptedCollector second = new(null, port);
        await using IOutput next = Create(port);
        await Eventually.True(() => first.Length + second.Numbers.Length >= 10_000, () => $"{first.Length} + {second.Numbers.Length}");
        await Eventually.True(() => next.Counters.Spooled == 0, () => $"{next.Counters.Spooled} spooled");
        Assert.Equal(Enumerable.Range(0, 10_000), first.Concat(second.Numbers));
    }

    [Fact]
    public async Task Two_outputs_with_one_directory_are_rejected()
    {
        int port = await UnusedPortAsync();
        await using IOutput output = Create(port);
        Assert.Throws<SpoolRefusedException>(() => Create(port));
    }

    [Fact]
    public async Task Several_collectors_of_one_object_share_the_spool_and_each_gets_its_own_calls()
    {
        int first = await UnusedPortAsync();
        int second = await UnusedPortAsync();
        await using IOutput output = new OutputFactory(_log, TimeProvider.System, _quick).Create(Configuration([first, second], HepServerMode.Hash));
        Offer(output, 0, 2000);
        await Eventually.True(() => output.Counters.Spooled == 2000, () => $"{output.Counters.Spooled} spooled");
        await using ScriptedCollector one = new(null, first);
        await using ScriptedCollector two = new(null, second);
        await Eventually.True(() => one.Numbers.Length + two.Numbers.Length >= 2000, () => $"{one.Numbers.Length} + {two.Numbers.Length}");
        Assert.Equal(Enumerable.Range(0, 2000), one.Numbers.Concat(two.Numbers).Order());
        await Eventually.True(() => output.Counters.Spooled == 0, () => $"{output.Counters.Spooled} spooled");
        ConservationLaw.AssertHolds(output.Counters);
    }

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private static async Task<int> UnusedPortAsync()
    {
        await using ScriptedCollector collector = new();
        return collector.Port;
    }

    private static void Offer(IOutput output, int first, int count, int payload = 100)
    {
        uint now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (int i = 0; i < count; i++)
        {
            output.Offer(TestPackets.Make(first + i, payload, null, now), PacketKind.Log);
        }

        output.Flush();
    }

    private HepOutputConfiguration Configuration(int[] ports, HepServerMode mode, long maxBytes = 256 << 20, int ring = 64 << 20) => new()
    {
        Servers = [.. ports.Select(port => new HepServer("127.0.0.1", port))],
        Transport = HepTransport.Tcp,
        Mode = mode,
        RingBytes = ring,
        Spool = new SpoolConfiguration { Path = _path, MaxBytes = maxBytes, Flush = TimeSpan.FromMilliseconds(100) },
    };

    private IOutput Create(int port, long maxBytes = 256 << 20, int ring = 64 << 20) =>
        new OutputFactory(_log, TimeProvider.System, _quick).Create(Configuration([port], HepServerMode.Failover, maxBytes, ring));
}
