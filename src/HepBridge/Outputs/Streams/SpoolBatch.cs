namespace HepBridge.Outputs.Streams;

/// <summary>Packets of the spool that a link sends when it has nothing newer.</summary>
internal sealed class SpoolBatch(ReadOnlyMemory<byte> packets)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The whole packets not yet sent.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; } = packets;

    /// <summary>Completes when all is sent, or the link has lost its connection.</summary>
    public Task Ended => _ended.Task;

    public void Advance(int bytes) => Rest = Rest[bytes..];

    public void End() => _ended.TrySetResult();
}
