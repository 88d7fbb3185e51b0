using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>
/// Refused datagrams as one warning a reason and minute, with their number and what to do: a flood must not fill the log, and its end is told
/// as well. May be used by several threads.
/// </summary>
internal sealed class RejectionWarnings(string input, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly State[] _reasons = new State[Enum.GetValues<DatagramReject>().Length];

    /// <summary>Notes a refused datagram; the first one of its reason in a minute is told at once.</summary>
    public void Add(DatagramReject reason, SenderAddress sender)
    {
        long count;
        lock (_gate)
        {
            ref State state = ref _reasons[(int)reason];
            state.Count++;
            state.LastSender = sender;
            count = TakeIfDue(ref state);
        }

        Warn(reason, count, sender);
    }

    /// <summary>Tells of those that came since the last warning, when its minute is over.</summary>
    public void Tick()
    {
        for (int reason = 0; reason < _reasons.Length; reason++)
        {
            long count;
            SenderAddress sender;
            lock (_gate)
            {
                ref State state = ref _reasons[reason];
                sender = state.LastSender;
                count = state.Count > 0 ? TakeIfDue(ref state) : 0;
            }

            Warn((DatagramReject)reason, count, sender);
        }
    }

    private long TakeIfDue(ref State state)
    {
        if (state.Warned is { } warned && time.GetElapsedTime(warned) < _interval)
        {
            return 0;
        }

        long count = state.Count;
        state.Count = 0;
        state.Warned = time.GetTimestamp();
        return count;
    }

    // Outside the lock: a slow log holds up nobody but its writer.
    private void Warn(DatagramReject reason, long count, SenderAddress sender)
    {
        if (count > 0)
        {
            Log.DatagramsRefused(log, input, count, reason, sender.ToString(), DatagramAdvice.For(reason));
        }
    }

    private struct State
    {
        public long Count;
        public long? Warned;
        public SenderAddress LastSender;
    }
}
