using System.Globalization;
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
            results.Error("MULTICAST_PSK is invalid", string.Create(CultureInfo.InvariantCulture, $"it must have 1 to {PskCipher.MaxKeyLength} bytes"));
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
                results.Ok(string.Create(CultureInfo.InvariantCulture, $"listening on {status.Address} port {status.Port}{place}, receive buffer {status.ReceiveBuffer >> 10} KB"));
            }
        }

        foreach ((DatagramReject reason, long count) in counters.RejectedReasons)
        {
            results.Warning(
                string.Create(CultureInfo.InvariantCulture, $"{count} datagrams rejected ({reason}), the last from {probe.RefusedFrom(reason)}"),
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
