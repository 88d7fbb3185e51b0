using HepBridge.Collector.Store;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Collector;

public sealed class PacketIntakeTests
{
    private readonly KeptLog _log = new();

    [Fact]
    public async Task A_packet_on_which_the_store_fails_is_counted_and_logged_once_and_ends_nothing()
    {
        int stored = 0;
        PacketIntake intake = new(packet => _ = packet[0] == 0 ? throw new InvalidOperationException("store fault") : stored++, _log);
        using CancellationTokenSource stop = new();
        Task running = intake.RunAsync(stop.Token);
        Assert.True(intake.Offer([0]));
        Assert.True(intake.Offer([0]));
        await Eventually.True(() => intake.Failed == 2, () => "both packets failed");
        Assert.Equal("The page could not store a packet (InvalidOperationException: store fault).", intake.Problem);
        Assert.StartsWith("Critical: ", Assert.Single(_log.Lines), StringComparison.Ordinal);

        Assert.True(intake.Offer([1]));
        await Eventually.True(() => stored == 1 && intake.Problem is null, () => "the next packet is stored");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void The_queue_is_bounded_in_bytes()
    {
        PacketIntake intake = new(_ => { }, _log);
        byte[] packet = new byte[65_000];
        int taken = 0;
        while (intake.Offer(packet))
        {
            taken++;
        }

        Assert.InRange(taken, 200, (16 << 20) / 65_000);
        Assert.Equal(1, intake.Dropped);
    }
}
