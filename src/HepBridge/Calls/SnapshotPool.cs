using System.Numerics;

namespace HepBridge.Calls;

/// <summary>
/// Reuses arrays for held events: a flood of large events would otherwise be a flood of garbage. Bounded in bytes,
/// unlike <c>ArrayPool.Shared</c>, whose size depends on the number of processors.
/// </summary>
internal sealed class SnapshotPool
{
    private const int ShortestLog2 = 9;
    private const int LongestLog2 = 16;
    private const int MaxBytes = 2 << 20;
    private readonly Stack<byte[]>[] _spare = [.. Enumerable.Range(ShortestLog2, LongestLog2 - ShortestLog2 + 1).Select(_ => new Stack<byte[]>())];
    private int _bytes;

    public byte[] Rent(int length)
    {
        int log2 = Math.Max(ShortestLog2, BitOperations.Log2((uint)Math.Max(1, length - 1)) + 1);
        if (log2 > LongestLog2)
        {
            return new byte[length];
        }

        if (_spare[log2 - ShortestLog2].TryPop(out byte[]? spare))
        {
            _bytes -= spare.Length;
            return spare;
        }

        return GC.AllocateUninitializedArray<byte>(1 << log2);
    }

    public void Return(byte[] snapshot)
    {
        if (snapshot.Length <= 1 << LongestLog2 && _bytes + snapshot.Length <= MaxBytes)
        {
            _spare[BitOperations.Log2((uint)snapshot.Length) - ShortestLog2].Push(snapshot);
            _bytes += snapshot.Length;
        }
    }
}
