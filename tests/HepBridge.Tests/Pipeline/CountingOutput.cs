using HepBridge.Diagnostics;
using HepBridge.Outputs;

namespace HepBridge.Tests.Pipeline;

/// <summary>Counts packets, and allocates nothing.</summary>
internal sealed class CountingOutput : IOutput
{
    public string Name => "counting";

    public OutputCounters Counters { get; } = new();

    public long Packets { get; private set; }

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind) => Packets++;

    public void Flush()
    {
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
