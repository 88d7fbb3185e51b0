using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HepBridge.Benchmarks.Load;

/// <summary>A clock shared by all processes of a host: CLOCK_MONOTONIC, in nanoseconds.</summary>
internal static partial class MonotonicClock
{
    private const int Monotonic = 1;
    private const int Absolute = 1;

    public static long Now => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>Sleeps until this time; a timer of the class library would be up to a millisecond late.</summary>
    public static void SleepUntil(long nanoseconds)
    {
        TimeSpecification until = new() { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
        while (Sleep(Monotonic, Absolute, in until, 0) != 0)
        {
            // Interrupted by a signal: the time is absolute, so repeat the same call.
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in TimeSpecification request, nint remaining);

    // struct timespec
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
