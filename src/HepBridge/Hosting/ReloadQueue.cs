using System.Threading.Channels;
using HepBridge.Configuration;

namespace HepBridge.Hosting;

/// <summary>Applies new configurations one at a time, in order. A newer one replaces any that has not been started yet.</summary>
/// <param name="apply">Applies one; must not throw.</param>
internal sealed class ReloadQueue(Func<AgentConfiguration, Task> apply)
{
    private readonly Channel<AgentConfiguration> _waiting =
        Channel.CreateBounded<AgentConfiguration>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private Task _running = Task.CompletedTask;
    private volatile bool _isStopped;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Thread-safe.</summary>
    public void Add(AgentConfiguration next) => _waiting.Writer.TryWrite(next);

    /// <summary>Waits for the one in progress; no more are applied.</summary>
    public Task StopAsync()
    {
        _isStopped = true;
        _waiting.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync()
    {
        await foreach (AgentConfiguration next in _waiting.Reader.ReadAllAsync())
        {
            if (_isStopped)
            {
                return;
            }

            await apply(next);
        }
    }
}
