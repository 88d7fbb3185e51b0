using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>Logs rejected datagrams, with their number and advice: one line a minute for each reason. Thread-safe.</summary>
/// <typeparam name="TReason">The reasons, numbered from 0.</typeparam>
internal sealed class RejectionWarnings<TReason>(string input, ILogger logger, TimeProvider time, Func<TReason, string> advice)
    where TReason : struct, Enum
{
    private static readonly TReason[] _reasons = Enum.GetValues<TReason>();
    private readonly LineBudget[] _budgets = [.. _reasons.Select(_ => LineBudget.OneAMinute(time))];
    private readonly SenderAddress[] _senders = new SenderAddress[_reasons.Length];

    /// <summary>Records a rejected datagram; logs the first one of its reason in a minute at once.</summary>
    public void Add(TReason reason, SenderAddress sender)
    {
        int index = Array.IndexOf(_reasons, reason);
        if (_budgets[index].TryTake())
        {
            Warn(reason, 1, sender);
            return;
        }

        lock (_senders)
        {
            _senders[index] = sender;
        }
    }

    /// <summary>Logs those since the last warning, once its minute is over.</summary>
    public void Tick()
    {
        for (int index = 0; index < _budgets.Length; index++)
        {
            if (_budgets[index].TakeSuppressed() is > 0 and long count)
            {
                SenderAddress sender;
                lock (_senders)
                {
                    sender = _senders[index];
                }

                Warn(_reasons[index], count, sender);
            }
        }
    }

    private void Warn(TReason reason, long count, SenderAddress sender) =>
        Log.DatagramsRefused(logger, input, count, reason.ToString(), sender.ToString(), advice(reason));
}

/// <summary>Logs kernel drops at most once a minute.</summary>
internal sealed class DropWarnings(string input, ILogger logger, TimeProvider time)
{
    private readonly LineBudget _budget = LineBudget.OneAMinute(time);
    private long _logged;

    /// <summary>Logs the drops since the last warning, out of all since the start.</summary>
    public void Tick(long total)
    {
        if (total > _logged && _budget.TryTake())
        {
            Log.KernelDrops(logger, input, total - _logged);
            _logged = total;
        }
    }
}
