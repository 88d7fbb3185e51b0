using System.Globalization;
using System.Net;
using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;

namespace HepBridge.Checks;

/// <summary>Joins the groups of one input and waits for a switch.</summary>
internal sealed class MulticastCheck(MulticastInputConfiguration input, TimeProvider time, TimeSpan patience) : ICheck
{
    public string Subject => input.Identity;

    public async Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        if (input.Psk is { } psk && !PskCipher.Accepts(Encoding.UTF8.GetBytes(psk)))
        {
            results.Error("MULTICAST_PSK is invalid", $"it must have 1 to {PskCipher.MaxKeyLength} bytes");
            return;
        }

        using MulticastProbe probe = new(input.Addresses.Count);
        MulticastReceiver receiver = new(
            new MulticastReceiverOptions
            {
                Addresses = input.Addresses,
                Port = input.Port,
                Interface = input.Interface,
                Psk = input.Psk,
                AllowedSenders = input.AllowedSenders,
            },
            probe,
            time);
        using (CancellationTokenSource limit = new(patience, time))
        using (CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, probe.Answered, cancellationToken))
        {
            await receiver.RunAsync(end.Token);
        }

        cancellationToken.ThrowIfCancellationRequested();
        Describe(probe, receiver.Counters, results);
    }

    private void Describe(MulticastProbe probe, MulticastCounters counters, CheckResults results)
    {
        foreach (MulticastListenerStatus status in probe.Listeners)
        {
            string place = status.Interface is null ? "" : $" on {status.Interface}";
            if (status.State == ListenerState.Waiting)
            {
                results.Error($"cannot listen: {status.Problem}", null);
            }
            else
            {
                results.Ok($"listening on {status.Address} port {status.Port}{place}, receive buffer {status.ReceiveBuffer >> 10} KB");
            }
        }

        foreach ((DatagramReject reason, long count) in counters.RejectedReasons)
        {
            results.Warning(
                $"{count} datagrams rejected ({reason}), the last from {probe.RefusedFrom(reason)}",
                DatagramAdvice.For(reason));
        }

        if (counters.Events > 0)
        {
            string psk = input.Psk is null ? "" : ", and the psk matches";
            results.Ok($"events arrive from {string.Join(", ", probe.Senders)}{psk}");
        }
        else if (probe.Listeners.Any(status => status.State != ListenerState.Waiting))
        {
            results.Error(
                string.Create(CultureInfo.InvariantCulture, $"no event arrived in {patience.TotalSeconds:0.#} s"),
                counters.Datagrams > 0
                    ? "see the rejected datagrams above"
                    : "a switch sends a HEARTBEAT every 20 s if event_multicast.conf.xml binds it: check bindings, address, port and ttl there, IGMP snooping on the way, and MULTICAST_INTERFACE here");
        }
    }
}

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

    public IReadOnlyCollection<MulticastListenerStatus> Listeners => _listeners.Values;
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
