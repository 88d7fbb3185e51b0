using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

public class EslBackoffTests
{
    [Fact]
    public void Delays_double_from_one_second_to_thirty_each_within_a_fifth()
    {
        EslBackoff backoff = new(new Random(1));
        double[] expected = [1, 2, 4, 8, 16, 30, 30, 30];
        foreach (double seconds in expected)
        {
            Assert.InRange(backoff.Next().TotalSeconds, seconds * 0.8, seconds * 1.2);
        }

        Assert.Equal(expected.Length, backoff.Failures);
    }

    [Fact]
    public void Delays_of_two_agents_differ() =>
        Assert.NotEqual(new EslBackoff(new Random(1)).Next(), new EslBackoff(new Random(2)).Next());

    [Fact]
    public void A_success_resets_the_delay()
    {
        EslBackoff backoff = new(new Random(1));
        backoff.Next();
        backoff.Next();
        backoff.Reset();

        Assert.Equal(0, backoff.Failures);
        Assert.InRange(backoff.Next().TotalSeconds, 0.8, 1.2);
    }

    [Fact]
    public void A_thousand_failures_do_not_overflow()
    {
        EslBackoff backoff = new(new Random(1));
        for (int i = 0; i < 1000; i++)
        {
            Assert.InRange(backoff.Next().TotalSeconds, 0.8, 36);
        }
    }
}
