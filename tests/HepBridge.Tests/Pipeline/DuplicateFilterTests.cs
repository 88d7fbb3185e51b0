using HepBridge.Pipeline;

namespace HepBridge.Tests.Pipeline;

public sealed class DuplicateFilterTests
{
    private readonly DuplicateFilter _filter = new();

    [Fact]
    public void An_event_is_first_once_and_repeated_afterwards()
    {
        Assert.Equal(DuplicateResult.First, _filter.Record(0, 1, isWanted: true));
        Assert.Equal(DuplicateResult.Repeated, _filter.Record(0, 1, isWanted: true));
        Assert.Equal(DuplicateResult.Repeated, _filter.Record(0, 1, isWanted: false));
    }

    [Fact]
    public void One_sequence_number_of_two_switches_is_two_events()
    {
        Assert.Equal(DuplicateResult.First, _filter.Record(0, 1, isWanted: true));
        Assert.Equal(DuplicateResult.First, _filter.Record(1, 1, isWanted: true));
        Assert.Equal(DuplicateResult.First, _filter.Record(0, 2, isWanted: true));
    }

    [Fact]
    public void The_first_copy_used_by_a_report_counts_once()
    {
        Assert.Equal(DuplicateResult.First, _filter.Record(0, 1, isWanted: false));
        Assert.Equal(DuplicateResult.FirstWanted, _filter.Record(0, 1, isWanted: true));
        Assert.Equal(DuplicateResult.Repeated, _filter.Record(0, 1, isWanted: true));
    }

    [Fact]
    public void The_window_contains_the_latest_events_and_forgets_older_ones()
    {
        const int Window = 1 << 17;
        for (int i = 0; i < Window; i++)
        {
            _filter.Record(0, i, isWanted: true);
        }

        Assert.Equal(DuplicateResult.Repeated, _filter.Record(0, 0, isWanted: true));
        Assert.Equal(DuplicateResult.First, _filter.Record(0, Window, isWanted: true));
        Assert.Equal(DuplicateResult.First, _filter.Record(0, 0, isWanted: true));
        Assert.Equal(DuplicateResult.Repeated, _filter.Record(0, 2, isWanted: true));
    }

    [Fact]
    public void Nothing_is_allocated_for_an_event()
    {
        _filter.Record(0, -1, isWanted: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200_000; i++)
        {
            _filter.Record(0, i, isWanted: true);
        }

        // A collection triggered by another test may add the rest of this thread's allocation block.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_384);
    }
}
