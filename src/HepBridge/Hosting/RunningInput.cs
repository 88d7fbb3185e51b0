using HepBridge.Diagnostics;
using HepBridge.Inputs;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>An input and its supervised task.</summary>
internal sealed class RunningInput : IAsyncDisposable
{
    private readonly CancellationTokenSource _lifetime;
    private readonly Supervised _work;
    private Task _running = Task.CompletedTask;

    public RunningInput(IInput input, TimeProvider time, ILogger log, CancellationToken stopping)
    {
        Input = input;
        _lifetime = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _work = new Supervised($"The input {input.Identity}", input.RunAsync, time, log);
        input.Binding.Work = _work;
    }

    public IInput Input { get; }

    public void Start() => _running = Task.Run(() => _work.RunAsync(_lifetime.Token), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        await _running;
        Input.Dispose();
        _lifetime.Dispose();
    }
}
