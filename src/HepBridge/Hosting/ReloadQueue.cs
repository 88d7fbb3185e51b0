using System.Threading.Channels;
using HepBridge.Configuration;

namespace HepBridge.Hosting;

/// <summary>Applies new configurations one at a time, in order. One that came while another was being applied replaces any that still waits.</summary>
/// <param name="apply">Applies one; doesn't throw.</param>
internal sealed class ReloadQueue(Func<AgentConfiguration, Task> apply)
{
    private readonly Channel<AgentConfiguration> _waiting =
        Channel.CreateBounded<AgentConfiguration>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private Task _running = Task.CompletedTask;
    private volatile bool _isStopped;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Any thread.</summary>
    public void Add(AgentConfiguration next) => _waiting.Writer.TryWrite(next);

    /// <summary>Waits for the one being applied; none is applied afterwards.</summary>
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
