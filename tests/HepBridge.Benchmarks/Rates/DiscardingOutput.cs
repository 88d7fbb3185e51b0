using HepBridge.Diagnostics;
using HepBridge.Outputs;

namespace HepBridge.Benchmarks.Rates;

/// <summary>Discards packets.</summary>
internal sealed class DiscardingOutput : IOutput
{
    public string Name => "nowhere";

    public OutputCounters Counters { get; } = new();

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        Counters.AddOffered();
        Counters.AddSent(1, packet.Length);
    }

    public void Flush()
    {
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
