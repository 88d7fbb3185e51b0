using System.Text;
using HepBridge.Calls;

namespace HepBridge.Tests.Calls;

public class LegTableTests
{
    private readonly LegTable _table = new(100_000) { ReorderInterval = 60_000 };
    private readonly Switch _switch = new("core"u8.ToArray(), 0);

    [Theory]
    [InlineData(10)]
    [InlineData(20_000)]
    public void The_leg_silent_longest_is_the_oldest_of_few_and_of_many(int legs)
    {
        Leg[] added = [.. Enumerable.Range(0, legs).Select(i => _table.Add(_switch, Id(i), nowMilliseconds: i))];
        foreach (Leg leg in added)
        {
            if (leg != added[legs / 2])
            {
                _table.Touch(leg, 1_000_000);
            }
        }

        Assert.Same(added[legs / 2], _table.Oldest);
        _table.Remove(added[legs / 2]);
        Assert.Null(_table.Find(_switch, Id(legs / 2)));
        Assert.All(Enumerable.Range(0, legs).Where(i => i != legs / 2), i => Assert.Same(added[i], _table.Find(_switch, Id(i))));
    }

    [Fact]
    public void With_many_legs_quick_successive_events_update_the_leg_but_not_its_position()
    {
        Leg[] added = [.. Enumerable.Range(0, 10_000).Select(i => _table.Add(_switch, Id(i), nowMilliseconds: 0))];
        _table.Touch(added[0], 59_999);
        Assert.Equal(59_999, added[0].LastSeenMilliseconds);
        Assert.Same(added[0], _table.OldestLive);
        _table.Touch(added[0], 60_000);
        Assert.Same(added[1], _table.OldestLive);
    }

    private static byte[] Id(int number) => Encoding.ASCII.GetBytes($"{number:x8}-08aa-4538-a763-a2abafa62897");
}
