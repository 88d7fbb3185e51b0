using HepBridge.Inputs;

namespace HepBridge.Hosting;

/// <summary>An input and the task that it works in.</summary>
internal sealed class RunningInput(IInput input, CancellationToken stopping) : IAsyncDisposable
{
    private readonly CancellationTokenSource _lifetime = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private Task _running = Task.CompletedTask;

    public IInput Input { get; } = input;

    public void Start() => _running = Task.Run(() => Input.RunAsync(_lifetime.Token), CancellationToken.None);

    /// <summary>Ends when the input does, with its failure if there was one.</summary>
    public Task Completion => _running;

    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Input.Dispose();
        _lifetime.Dispose();
    }
}
