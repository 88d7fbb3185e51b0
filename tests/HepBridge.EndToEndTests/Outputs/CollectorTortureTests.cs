using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Streams;
using HepBridge.Tests.Outputs;

namespace HepBridge.EndToEndTests.Outputs;

/// <summary>A collector that is stopped and started at random moments while packets flow.</summary>
public sealed class CollectorTortureTests(ITestOutputHelper output) : IDisposable
{
    private const int Packets = 200_000;
    private const int Stops = 10;

    private readonly string _path = Path.Combine(Path.GetTempPath(), "hepbridge-" + Path.GetRandomFileName());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Ten_clean_stops_of_the_collector_lose_none_of_200000_packets(int seed)
    {
        Random random = new(seed);
        KeptLog log = new();
        List<ScriptedCollector> collectors = [new()];
        int port = collectors[0].Port;
        StreamTimings timings = new() { FirstRetry = TimeSpan.FromMilliseconds(50), LongestRetry = TimeSpan.FromMilliseconds(500), DrainBytesPerSecond = 64 << 20 };
        await using IOutput tcp = new OutputFactory(log, TimeProvider.System, timings).Create(new HepOutputConfiguration
        {
            Servers = [new("127.0.0.1", port)],
            Transport = HepTransport.Tcp,
            Spool = new SpoolConfiguration { Path = _path, Flush = TimeSpan.FromMilliseconds(200) },
        });

        int[] stops = [.. Enumerable.Range(0, Stops).Select(_ => random.Next(Packets)).Order()];
        Task restarting = Task.CompletedTask;
        int next = 0;
        uint now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (int i = 0; i < Packets; i++)
        {
            tcp.Offer(TestPackets.Make(i, 200, null, now), PacketKind.Log);
            if (i % 20 == 19)
            {
                tcp.Flush();
            }

            if (i % 500 == 499)
            {
                await Task.Delay(5);
            }

            if (next < stops.Length && stops[next] == i)
            {
                await restarting;
                restarting = RestartAsync(next++ % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(random.Next(1, 3)));
            }
        }

        tcp.Flush();
        await restarting;
        await Eventually.True(
            () => tcp.Counters.Queued == 0 && tcp.Counters.Spooled == 0, () => $"{tcp.Counters.Queued} queued, {tcp.Counters.Spooled} spooled\n{log.Text}");
        await collectors[^1].StopAsync();
        int[] all = [.. collectors.SelectMany(collector => collector.Numbers)];
        output.WriteLine($"{all.Length} received, {all.Length - all.Distinct().Count()} twice, {log.Lines.Count(line => line.EndsWith("connected", StringComparison.Ordinal))} connections");
        Assert.Equal(Packets, all.Distinct().Count());
        Assert.Equal(0, tcp.Counters.DroppedTotal);
        ConservationLaw.AssertHolds(tcp.Counters);

        async Task RestartAsync(TimeSpan pause)
        {
            await collectors[^1].StopAsync();
            await Task.Delay(pause);
            ScriptedCollector again = new(null, port);
            collectors.Add(again);

            // So that every stop interrupts a connection.
            await Eventually.True(() => again.Connections > 0, () => log.Text);
        }
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
