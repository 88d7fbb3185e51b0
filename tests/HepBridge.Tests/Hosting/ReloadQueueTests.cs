using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Tests.Configuration;

namespace HepBridge.Tests.Hosting;

public sealed class ReloadQueueTests
{
    private readonly List<AgentConfiguration> _applied = [];
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _leave = new(0);

    [Fact]
    public async Task Configurations_are_applied_one_at_a_time_and_the_latest_waiting_one_replaces_the_others()
    {
        ReloadQueue queue = new(ApplyAsync);
        AgentConfiguration[] all = [.. Enumerable.Range(0, 3).Select(_ => Make())];
        queue.Start();
        queue.Add(all[0]);
        await _entered.WaitAsync(TestContext.Current.CancellationToken);
        queue.Add(all[1]);
        queue.Add(all[2]);
        Assert.Equal(0, _entered.CurrentCount);
        _leave.Release(2);
        await _entered.WaitAsync(TestContext.Current.CancellationToken);
        await queue.StopAsync();
        Assert.Equal([all[0], all[2]], _applied);
    }

    [Fact]
    public async Task Nothing_is_applied_after_the_stop_which_waits_for_the_one_in_progress()
    {
        ReloadQueue queue = new(ApplyAsync);
        queue.Start();
        queue.Add(Make());
        await _entered.WaitAsync(TestContext.Current.CancellationToken);
        queue.Add(Make());
        Task stopping = queue.StopAsync();
        Assert.False(stopping.IsCompleted);
        _leave.Release(2);
        await stopping;
        queue.Add(Make());
        Assert.Single(_applied);
    }

    private async Task ApplyAsync(AgentConfiguration next)
    {
        _entered.Release();
        await _leave.WaitAsync();
        _applied.Add(next);
    }

    private static AgentConfiguration Make() => Reading.Good("""{"hep_config":{"HEP_SERVER":"127.0.0.1"},"esl_config":{"ESL_SERVER":"127.0.0.1","ESL_PASS":"x"}}""");
}
