namespace HepBridge.Benchmarks.Soak;

/// <summary>Numbers that only depend on the seed (SplitMix64).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next64()
    {
        _state += 0x9e37_79b9_7f4a_7c15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below <paramref name="end"/>.</summary>
    public int Next(int end) => (int)(Next64() % (ulong)end);

    public bool OneIn(int times) => Next(times) == 0;
}
