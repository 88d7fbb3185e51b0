using System.Diagnostics;

namespace HepBridge.Tests.Outputs;

/// <summary>Waits for effects on other threads.</summary>
internal static class Eventually
{
    public static async Task True(Func<bool> condition, Func<string> what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), what());
            await Task.Delay(5);
        }
    }
}
