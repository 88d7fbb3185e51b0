using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>
/// Logs rejected datagrams once per reason and minute, with their number and advice, so that a flood does not fill the log; the rest of a flood is
/// logged, too. Thread-safe.
/// </summary>
/// <typeparam name="TReason">The reasons, numbered from 0.</typeparam>
internal sealed class RejectionWarnings<TReason>(string input, ILogger logger, TimeProvider time, Func<TReason, string> advice)
    where TReason : struct, Enum
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private static readonly TReason[] _values = Enum.GetValues<TReason>();
    private readonly State[] _reasons = new State[Enum.GetValues<TReason>().Length];

    /// <summary>Records a rejected datagram; logs the first one of its reason in a minute at once.</summary>
    public void Add(TReason reason, SenderAddress sender)
    {
        long count;
        lock (_gate)
        {
            ref State state = ref _reasons[IndexOf(reason)];
            state.Count++;
            state.LastSender = sender;
            count = TakeIfDue(ref state);
        }

        Warn(reason, count, sender);
    }

    /// <summary>Logs those since the last warning, once its minute is over.</summary>
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

            Warn(_values[reason], count, sender);
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

    // Outside the lock, so that a slow log delays only its writer.
    private void Warn(TReason reason, long count, SenderAddress sender)
    {
        if (count > 0)
        {
            Log.DatagramsRefused(logger, input, count, reason.ToString(), sender.ToString(), advice(reason));
        }
    }

    private static int IndexOf(TReason reason) => Array.IndexOf(_values, reason);

    private struct State
    {
        public long Count;
        public long? Warned;
        public SenderAddress LastSender;
    }
}
