using HepBridge.Outputs;

namespace HepBridge.Tests.Outputs;

/// <summary>The equation that holds for an output's counters when it is idle.</summary>
internal static class ConservationLaw
{
    public static void AssertHolds(OutputCounters counters) =>
        Assert.Equal(counters.Offered + counters.Recovered, counters.Sent + counters.DroppedTotal + counters.Queued + counters.Spooled);
}
