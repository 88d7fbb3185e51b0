using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hosting.Telemetry;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Hosting.Telemetry;

public sealed class StatisticsTests
{
    [Fact]
    public async Task The_totals_name_the_reasons_of_events_that_were_not_reported()
    {
        await using AgentRig rig = await AgentRig.StartAsync("""{"hep_config":{"HEP_SERVER":"127.0.0.1"},"esl_config":{"ESL_SERVER":"127.0.0.1","ESL_PORT":1}}""");
        KeptLog log = new();
        lock (rig.Agent.Pipeline.Gate)
        {
            PipelineCounters counters = rig.Agent.Pipeline.Counters;
            counters.AddMalformed(EventRejection.FieldTooLong);
            counters.AddMalformed(EventRejection.FieldTooLong);
            counters.AddMalformed(EventRejection.NoEventName);
            counters.AddUncorrelated(UncorrelatedReason.RegistrationUnmatched);
        }

        new Statistics(rig.Agent, log).WriteTotals();
        Assert.Contains("3 malformed;", log.Text, StringComparison.Ordinal);
        Assert.Contains("; without a Call-ID: RegistrationUnmatched 1; malformed: ", log.Text, StringComparison.Ordinal);
        Assert.Contains("FieldTooLong 2", log.Text, StringComparison.Ordinal);
        Assert.Contains("NoEventName 1", log.Text, StringComparison.Ordinal);
    }
}
