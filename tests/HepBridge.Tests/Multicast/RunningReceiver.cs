using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

/// <summary>A receiver that runs until the test ends.</summary>
internal sealed class RunningReceiver : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public RunningReceiver(MulticastReceiver receiver) => _run = receiver.RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }
}
