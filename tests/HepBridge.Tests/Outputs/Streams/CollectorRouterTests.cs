using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Routing;
using HepBridge.Outputs.Streams;

namespace HepBridge.Tests.Outputs.Streams;

public class CollectorRouterTests
{
    [Theory]
    [InlineData("failover")]
    [InlineData("hash")]
    public async Task A_lost_link_keeps_its_packets_until_the_router_notices(string mode)
    {
        // A collector that has gone away, and one not tried yet, which counts as healthy.
        ScriptedCollector gone = new();
        await gone.StopAsync();
        string[] names = ["gone", "untried"];
        await using CollectorLink lost = Link(gone.Port);
        await using CollectorLink untried = Link(gone.Port);
        CollectorRouter routing = new([lost, untried], new ServerRouter(Enum.Parse<HepServerMode>(mode, ignoreCase: true), names));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(EnqueueResult.Taken, routing.TryAppend(TestPackets.Make(i), PacketKind.Log));
        }

        long all = lost.Ring.Bytes + untried.Ring.Bytes;
        long before = lost.Ring.Bytes;
        lost.Start(static () => { });
        await Eventually.True(() => !lost.IsHealthy, () => "the collector that is gone still counts as healthy");
        await Task.Run(routing.MoveToHealthy).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(before, lost.Ring.Bytes);
        Assert.NotEqual(0, before);

        routing.UpdateHealth();
        Assert.Equal(0, lost.Ring.Bytes);
        Assert.Equal(all, untried.Ring.Bytes);
    }

    private static CollectorLink Link(int port)
    {
        StreamTimings timings = new() { FirstRetry = TimeSpan.FromHours(1), LongestRetry = TimeSpan.FromHours(1) };
        return new CollectorLink(
            new CollectorAddress(new HepServer("127.0.0.1", port)), new TcpConnector(timings, TimeProvider.System), new PacketQueue(1 << 20), null, new OutputCounters(),
            timings, new KeptLog(), TimeProvider.System);
    }
}
