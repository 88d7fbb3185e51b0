using HepBridge.FreeSwitch;

namespace HepBridge.Tests.Esl;

public class BackoffTests
{
    [Fact]
    public void Delays_double_from_one_second_to_thirty_each_within_a_fifth()
    {
        Backoff backoff = new(new Random(1));
        double[] expected = [1, 2, 4, 8, 16, 30, 30, 30];
        foreach (double seconds in expected)
        {
            Assert.InRange(backoff.Next().TotalSeconds, seconds * 0.8, seconds * 1.2);
        }

        Assert.Equal(expected.Length, backoff.Failures);
    }

    [Fact]
    public void Delays_of_two_agents_differ() =>
        Assert.NotEqual(new Backoff(new Random(1)).Next(), new Backoff(new Random(2)).Next());

    [Fact]
    public void A_success_resets_the_delay()
    {
        Backoff backoff = new(new Random(1));
        backoff.Next();
        backoff.Next();
        backoff.Reset();

        Assert.Equal(0, backoff.Failures);
        Assert.InRange(backoff.Next().TotalSeconds, 0.8, 1.2);
    }

    [Fact]
    public void A_thousand_failures_do_not_overflow()
    {
        Backoff backoff = new(new Random(1));
        for (int i = 0; i < 1000; i++)
        {
            Assert.InRange(backoff.Next().TotalSeconds, 0.8, 36);
        }
    }
}
