using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>Logs rejected datagrams, with advice, and those the kernel dropped: one line a minute for each reason. Thread-safe, except for <see cref="Tick"/>.</summary>
internal sealed class RejectionWarnings
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private readonly string _input;
    private readonly ILogger _logger;
    private readonly LineBudget[] _budgets;
    private readonly SenderAddress[] _senders;
    private readonly LineBudget _kernelBudget;
    private long _kernelDrops;

    public RejectionWarnings(string input, ILogger logger, TimeProvider time)
    {
        (_input, _logger) = (input, logger);
        _budgets = [.. Enum.GetValues<DatagramReject>().Select(_ => new LineBudget(1, _interval, time))];
        _senders = new SenderAddress[_budgets.Length];
        _kernelBudget = new LineBudget(1, _interval, time);
    }

    /// <summary>Records a rejected datagram; logs the first one of its reason in a minute at once.</summary>
    public void Add(DatagramReject reason, SenderAddress sender)
    {
        if (_budgets[(int)reason].TryTake())
        {
            Warn(reason, 1, sender);
            return;
        }

        lock (_senders)
        {
            _senders[(int)reason] = sender;
        }
    }

    /// <summary>Logs what came since the last warning, once its minute is over.</summary>
    /// <param name="kernelDrops">All drops of the kernel since the start.</param>
    public void Tick(long kernelDrops)
    {
        for (int reason = 0; reason < _budgets.Length; reason++)
        {
            if (_budgets[reason].TakeSuppressed() is > 0 and long count)
            {
                SenderAddress sender;
                lock (_senders)
                {
                    sender = _senders[reason];
                }

                Warn((DatagramReject)reason, count, sender);
            }
        }

        if (kernelDrops > _kernelDrops && _kernelBudget.TryTake())
        {
            Log.KernelDrops(_logger, _input, kernelDrops - _kernelDrops);
            _kernelDrops = kernelDrops;
        }
    }

    private void Warn(DatagramReject reason, long count, SenderAddress sender) =>
        Log.DatagramsRefused(_logger, _input, count, reason, sender.ToString(), DatagramAdvice.For(reason));
}
