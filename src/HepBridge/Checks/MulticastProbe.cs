using System.Net;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Checks;

/// <summary>Listens until every address has opened or failed, and an event has arrived.</summary>
internal sealed class MulticastProbe(int addresses) : IMulticastHandler, IDisposable
{
    private const int MostSenders = 16;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _answered = new();
    private readonly Dictionary<IPAddress, MulticastListenerStatus> _listeners = [];
    private readonly SortedSet<string> _senders = new(StringComparer.Ordinal);
    private readonly Dictionary<DatagramReject, string> _refused = [];
    private bool _hasEvent;

    /// <summary>Cancelled when there is nothing more to learn.</summary>
    public CancellationToken Answered => _answered.Token;

    /// <summary>The last status of each address.</summary>
    public IReadOnlyCollection<MulticastListenerStatus> Listeners => _listeners.Values;

    /// <summary>Senders of events.</summary>
    public IReadOnlyCollection<string> Senders => _senders;

    /// <summary>Sender of the last datagram rejected for a reason.</summary>
    public string RefusedFrom(DatagramReject reason) => _refused.GetValueOrDefault(reason, "");

    public void OnBatch(MulticastBatch batch)
    {
        lock (_gate)
        {
            for (int i = 0; i < batch.Count && _senders.Count < MostSenders; i++)
            {
                _senders.Add(batch.Sender(i).ToString());
            }

            _hasEvent = true;
            EndIfAnswered();
        }
    }

    public void OnRejected(DatagramReject reason, SenderAddress sender)
    {
        lock (_gate)
        {
            _refused[reason] = sender.ToString();
        }
    }

    public void OnListener(MulticastListenerStatus status)
    {
        lock (_gate)
        {
            _listeners[status.Address] = status;
            EndIfAnswered();
        }
    }

    public void Dispose() => _answered.Dispose();

    private void EndIfAnswered()
    {
        bool none = _listeners.Count == addresses && _listeners.Values.All(status => status.State == ListenerState.Waiting);
        if (none || (_hasEvent && _listeners.Count == addresses))
        {
            // Delayed, because a direct cancel would run its callbacks under the lock.
            _answered.CancelAfter(1);
        }
    }
}
