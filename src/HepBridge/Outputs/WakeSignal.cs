using System.Threading.Tasks.Sources;

namespace HepBridge.Outputs;

/// <summary>
/// Wakes one waiting worker. <see cref="Set"/> is nearly free while nobody waits, and nothing here allocates; an early wake-up is
/// kept for the next wait.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Raised = 1;
    private const int Waiting = 2;
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Wakes the waiter, or the next one.</summary>
    public void Set()
    {
        // A full fence on both sides: the waiter sees what was written before Set, or its next wait returns at once.
        if (Interlocked.Exchange(ref _state, Raised) == Waiting)
        {
            _core.SetResult(true);
        }
    }

    /// <summary>Waits for the next <see cref="Set"/>; one caller at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) != Idle)
        {
            Interlocked.Exchange(ref _state, Idle);
            return ValueTask.CompletedTask;
        }

        return new ValueTask(this, _core.Version);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        Interlocked.Exchange(ref _state, Idle);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
