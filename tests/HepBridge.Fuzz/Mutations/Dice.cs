namespace HepBridge.Fuzz.Mutations;

/// <summary>Random numbers that depend only on the seed: the same on every machine and runtime (SplitMix64).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The numbers for one run of one target.</summary>
    public static Dice For(ulong seed, string target, long run)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char c in target)
        {
            hash = (hash ^ c) * 1_099_511_628_211;
        }

        return new Dice(new Dice(hash ^ (seed * 0x9e37_79b9_7f4a_7c15)).Next64() + ((ulong)run * 0xd1b5_4a32_d192_ed03));
    }

    /// <summary>The numbers for an input: a target's random choices depend only on the bytes, so the bytes are enough to repeat a run.</summary>
    public static Dice For(ReadOnlySpan<byte> input)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte octet in input[..Math.Min(input.Length, 4096)])
        {
            hash = (hash ^ octet) * 1_099_511_628_211;
        }

        return new Dice(hash + (ulong)input.Length);
    }

    public ulong Next64()
    {
        _state += 0x9e37_79b9_7f4a_7c15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to less than <paramref name="end"/>; 0 if that is not positive.</summary>
    public int Next(int end) => end <= 0 ? 0 : (int)(((UInt128)Next64() * (ulong)end) >> 64);

    /// <summary>From <paramref name="start"/> to less than <paramref name="end"/>.</summary>
    public int Next(int start, int end) => start + Next(end - start);

    public bool OneIn(int times) => Next(times) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    public byte Byte() => (byte)Next64();
}
