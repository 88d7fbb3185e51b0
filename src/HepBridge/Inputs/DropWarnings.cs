using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>Logs kernel drops at most once a minute.</summary>
internal sealed class DropWarnings(string input, ILogger logger, TimeProvider time)
{
    private readonly LineBudget _budget = LineBudget.OneAMinute(time);
    private long _logged;

    /// <summary>Logs the drops since the last warning.</summary>
    /// <param name="total">All drops since the start.</param>
    public void Tick(long total)
    {
        if (total > _logged && _budget.TryTake())
        {
            Log.KernelDrops(logger, input, total - _logged);
            _logged = total;
        }
    }
}
