using HepBridge.Collector.Store;
using HepBridge.Diagnostics;

namespace HepBridge.Outputs;

/// <summary>Also passes every packet to the page. The page never delays a collector: packets that it cannot accept are dropped there and counted.</summary>
internal sealed class ViewerOutput(PacketIntake intake) : IOutput
{
    public string Name => "web";

    public OutputCounters Counters { get; } = new();

    public OutputState State => new() { Problem = intake.Problem };

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        Counters.AddOffered();
        if (intake.Offer(packet))
        {
            Counters.AddSent(1, packet.Length);
        }
        else
        {
            Counters.AddDropped(DropReason.RingFull);
        }
    }

    public void Flush()
    {
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
