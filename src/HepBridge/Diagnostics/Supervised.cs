using HepBridge.FreeSwitch;
using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>
/// Runs work until canceled. If it ends earlier, with an exception or without, this is logged as critical and shown in <see
/// cref="Failure"/>, and the work is restarted after a back-off.
/// </summary>
internal sealed class Supervised(string name, Func<CancellationToken, Task> work, TimeProvider time, ILogger log)
{
    // Work that ran this long had started successfully.
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(1);
    private volatile WorkFailure? _failure;

    /// <summary>Why the work is not running now; null if it is. Thread-safe.</summary>
    public WorkFailure? Failure => _failure;

    /// <summary>Runs the work until the token is canceled; never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(Random.Shared);
        while (!cancellationToken.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            Exception? exception = null;
            try
            {
                await work(cancellationToken);
            }
            catch (Exception e)
            {
                exception = e;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                if (exception is not (null or OperationCanceledException))
                {
                    Log.WorkFailedAtStop(log, name, exception);
                }

                return;
            }

            if (time.GetElapsedTime(started) > _settled)
            {
                backoff.Reset();
            }

            TimeSpan wait = backoff.Next();
            _failure = new WorkFailure(time.GetUtcNow(), exception is null ? "It ended unexpectedly." : $"It failed ({exception.GetType().Name}: {exception.Message}).");
            Log.WorkFailed(log, name, wait.TotalSeconds, exception);
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _failure = null;
        }
    }
}

/// <summary>Since when work is not running, and why, in one sentence.</summary>
internal sealed record WorkFailure(DateTimeOffset Since, string Reason);
