namespace HepBridge.Fuzz.Runs;

/// <summary>Limits for one input. Inputs are at most 1 MB and mostly a few KB: anything linear stays far below.</summary>
internal static class Limits
{
    /// <summary>Time for an input: the shortest of three attempts, since the machine may have been busy during one.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    /// <summary>After this long an input counts as hung: it is saved, and the program ends.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    /// <summary>Allocated bytes for an input: 16 MB plus 200 per byte (a character takes two, and text is built a few times over).</summary>
    public static long Allocation(int length) => (16L << 20) + (200L * length);
}
