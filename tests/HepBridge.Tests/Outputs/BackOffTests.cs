using HepBridge.Outputs;

namespace HepBridge.Tests.Outputs;

public sealed class BackOffTests
{
    [Fact]
    public void Waits_double_from_one_second_to_thirty_with_jitter_and_begin_anew_after_a_success()
    {
        BackOff backOff = new(new Random(1));
        foreach (int seconds in new[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            Assert.InRange(backOff.Next().TotalSeconds, seconds * 0.75, seconds);
        }

        backOff.Reset();
        Assert.InRange(backOff.Next().TotalSeconds, 0.75, 1);
    }
}
