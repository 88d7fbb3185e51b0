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
    public void Of_few_legs_and_of_many_the_one_that_was_silent_for_long_is_the_oldest(int legs)
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
    public void With_many_legs_an_event_soon_after_another_changes_what_is_known_of_the_leg_and_not_its_place()
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
