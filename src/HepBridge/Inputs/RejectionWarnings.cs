using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>Logs rejected datagrams, with their number and advice: one line a minute for each reason. Thread-safe.</summary>
/// <typeparam name="TReason">The reasons, numbered from 0.</typeparam>
internal sealed class RejectionWarnings<TReason>
    where TReason : struct, Enum
{
    private static readonly TReason[] _reasons = Enum.GetValues<TReason>();
    private readonly string _input;
    private readonly ILogger _logger;
    private readonly Func<TReason, string> _advice;
    private readonly LineBudget[] _budgets;
    private readonly SenderAddress[] _senders = new SenderAddress[_reasons.Length];

    public RejectionWarnings(string input, ILogger logger, TimeProvider time, Func<TReason, string> advice)
    {
        (_input, _logger, _advice) = (input, logger, advice);
        _budgets = [.. _reasons.Select(_ => LineBudget.OneAMinute(time))];
    }

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
        Log.DatagramsRefused(_logger, _input, count, reason.ToString(), sender.ToString(), _advice(reason));
}
