using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>Refused datagrams as one warning a reason and minute, with their number and what to do: a flood must not fill the log.</summary>
internal sealed class RejectionWarnings(string input, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly (long Count, long Warned)[] _reasons = new (long, long)[Enum.GetValues<DatagramReject>().Length];

    public void Add(DatagramReject reason, SenderAddress sender)
    {
        lock (_gate)
        {
            ref (long Count, long Warned) state = ref _reasons[(int)reason];
            state.Count++;
            if (state.Warned != 0 && time.GetElapsedTime(state.Warned) < _interval)
            {
                return;
            }

            Log.DatagramsRefused(log, input, state.Count, reason, sender.ToString(), Advice(reason));
            state = (0, Math.Max(time.GetTimestamp(), 1));
        }
    }

    private static string Advice(DatagramReject reason) => reason switch
    {
        DatagramReject.EncryptedWithoutPsk => "is a psk set on the senders? Then set MULTICAST_PSK to the same.",
        DatagramReject.PlaintextWithPsk => "MULTICAST_PSK is set here, so set the same psk in event_multicast.conf.xml of the sender, or remove it here.",
        DatagramReject.WrongPsk => "the sender's psk differs from MULTICAST_PSK.",
        DatagramReject.ForeignSender => "its address is not in allowed_senders.",
        DatagramReject.Truncated or DatagramReject.BadBlockLength => "something on the way cuts datagrams: look at MTU and fragments.",
        _ => "it doesn't come from mod_event_multicast: is another program on this group and port?",
    };
}
