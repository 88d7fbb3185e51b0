using HepBridge.Hosting;

namespace HepBridge.Tests.Hosting;

public class RehearsalTests
{
    [Fact]
    public void The_made_up_call_goes_through_every_report_without_a_fault() => Assert.Null(Record.Exception(Rehearsal.Run));
}
