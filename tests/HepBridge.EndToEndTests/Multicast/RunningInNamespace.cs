using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>A receiver that runs in a network namespace until the test ends.</summary>
internal sealed class RunningInNamespace : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public RunningInNamespace(string networkNamespace, MulticastReceiver receiver) =>
        _run = NamespaceThread.RunAsync(networkNamespace, () => receiver.RunAsync(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }
}
