using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>Logs kernel drops at most once a minute.</summary>
internal sealed class DropWarnings(string input, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private long _told;
    private long? _warned;

    /// <summary>Logs the drops since the last warning.</summary>
    /// <param name="total">All drops since the start.</param>
    public void Tick(long total)
    {
        if (total == _told || (_warned is { } warned && time.GetElapsedTime(warned) < _interval))
        {
            return;
        }

        Log.KernelDrops(logger, input, total - _told);
        _told = total;
        _warned = time.GetTimestamp();
    }
}
