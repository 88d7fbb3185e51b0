using HepBridge.Diagnostics;

namespace HepBridge.Tests.Diagnostics;

public sealed class BackoffTests
{
    [Fact]
    public void Delays_double_from_one_second_to_thirty_with_jitter_and_reset_after_a_success()
    {
        Backoff backoff = new(new Random(1));
        foreach (int seconds in new[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            Assert.InRange(backoff.Next().TotalSeconds, seconds * 0.75, seconds);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.75, 1);
    }
}
