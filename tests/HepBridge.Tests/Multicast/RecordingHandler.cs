using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

/// <summary>Records what a receiver reports; <see cref="Enough"/> completes after this many datagrams.</summary>
internal sealed class RecordingHandler(int enough) : IMulticastHandler
{
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<MulticastListenerStatus> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<MulticastListenerStatus> _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _hold = new();

    public List<byte[]> Events { get; } = [];

    public List<SenderAddress> Senders { get; } = [];

    public List<DatagramReject> Rejected { get; } = [];

    public Task Enough => _enough.Task;

    public Task<MulticastListenerStatus> Listening => _listening.Task;

    public Task<MulticastListenerStatus> Waiting => _waiting.Task;

    /// <summary>Stops the receiver in its next batch until disposed.</summary>
    public IDisposable Hold()
    {
        _hold.Enter();
        return new Release(_hold);
    }

    public void OnBatch(MulticastBatch batch)
    {
        lock (_hold)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                Events.Add(batch.Event(i).ToArray());
                Senders.Add(batch.Sender(i));
            }
        }

        Count();
    }

    public void OnRejected(DatagramReject reason, SenderAddress sender)
    {
        Rejected.Add(reason);
        Count();
    }

    public void OnListener(MulticastListenerStatus status)
    {
        TaskCompletionSource<MulticastListenerStatus> told = status.State == ListenerState.Waiting ? _waiting : _listening;
        told.TrySetResult(status);
    }

    private void Count()
    {
        if (Events.Count + Rejected.Count >= enough)
        {
            _enough.TrySetResult();
        }
    }

    private sealed class Release(Lock hold) : IDisposable
    {
        public void Dispose() => hold.Exit();
    }
}
