using HepBridge.Diagnostics;
using HepBridge.Outputs;

namespace HepBridge.Tests.Pipeline;

/// <summary>Stores every packet.</summary>
internal sealed class CollectingOutput : IOutput
{
    public string Name => "collecting";

    public OutputCounters Counters { get; } = new();

    public List<CollectedPacket> Packets { get; } = [];

    /// <summary>The packets' bytes as sent.</summary>
    public List<byte[]> Bytes { get; } = [];

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        Counters.AddOffered();
        Packets.Add(CollectedPacket.From(packet));
        Bytes.Add(packet.ToArray());
        Counters.AddSent(1, packet.Length);
    }

    public void Flush()
    {
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
