using HepBridge.Outputs;

namespace HepBridge.Tests.Outputs;

/// <summary>What an output's counters obey whenever it is quiet.</summary>
internal static class ConservationLaw
{
    public static void AssertHolds(OutputCounters counters) =>
        Assert.Equal(counters.Offered + counters.Recovered, counters.Sent + counters.DroppedTotal + counters.Queued + counters.Spooled);
}
