namespace HepBridge.Outputs.Streams;

/// <summary>Packets out of the spool that a link sends when it has nothing newer to do.</summary>
internal sealed class SpoolBatch(ReadOnlyMemory<byte> packets)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is not sent yet: whole packets.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; } = packets;

    /// <summary>Ends when all is sent, or the link has lost its connection.</summary>
    public Task Ended => _ended.Task;

    public void Advance(int bytes) => Rest = Rest[bytes..];

    public void End() => _ended.TrySetResult();
}
