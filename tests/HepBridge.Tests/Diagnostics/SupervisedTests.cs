using HepBridge.Diagnostics;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Diagnostics;

/// <summary>Work that ends without being asked is logged, shown and restarted.</summary>
public sealed class SupervisedTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly KeptLog _log = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Work_that_throws_is_logged_with_its_exception_and_restarted_after_a_back_off()
    {
        int runs = 0;
        Supervised work = new("The input x", token => ++runs <= 2 ? throw new InvalidOperationException("broken") : Task.Delay(Timeout.Infinite, token), _time, _log);
        Task running = work.RunAsync(_stop.Token);
        Assert.Equal("It failed (InvalidOperationException: broken).", work.Failure?.Reason);
        Assert.Equal(_time.GetUtcNow(), work.Failure?.Since);
        Assert.Contains("The input x ended unexpectedly", Assert.Single(_log.Lines), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(40));
        await Eventually.True(() => runs == 2 && work.Failure is not null, () => "the second run failed");
        _time.Advance(TimeSpan.FromSeconds(40));
        await Eventually.True(() => runs == 3 && work.Failure is null, () => "the third run goes on");
        Assert.Equal(2, _log.Lines.Length);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Work_that_returns_early_counts_as_failed()
    {
        Supervised work = new("The input x", _ => Task.CompletedTask, _time, _log);
        Task running = work.RunAsync(_stop.Token);
        Assert.Equal("It ended unexpectedly.", work.Failure?.Reason);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Work_that_ends_on_request_is_not_a_failure()
    {
        Supervised work = new("The input x", token => Task.Delay(Timeout.Infinite, token), _time, _log);
        Task running = work.RunAsync(_stop.Token);
        await _stop.CancelAsync();
        await running;
        Assert.Null(work.Failure);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_failure_while_stopping_is_logged_and_not_retried()
    {
        Supervised work = new("The input x", async token =>
        {
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException("broken");
        }, _time, _log);
        Task running = work.RunAsync(_stop.Token);
        await _stop.CancelAsync();
        await running;
        Assert.Contains("failed while it stopped", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }
}
