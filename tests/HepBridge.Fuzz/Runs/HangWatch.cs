using System.Diagnostics;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Fuzz.Runs;

/// <summary>Ends the program if an input hangs; saves the input first.</summary>
internal sealed class HangWatch : IDisposable
{
    private readonly Timer _timer;
    private readonly FailureFiles _files;
    private volatile Started? _started;

    public HangWatch(FailureFiles files)
    {
        _files = files;
        _timer = new Timer(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Records the input being run; cheap if called every few inputs.</summary>
    public void Begin(FuzzTarget target, long run, byte[] input) => _started = new Started(target, run, input, Stopwatch.GetTimestamp());

    public void End() => _started = null;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (_started is { } started && Stopwatch.GetElapsedTime(started.Since) > Limits.Hang)
        {
            _files.Write(started.Target, started.Run, started.Input, $"it doesn't end within {Limits.Hang.TotalSeconds:0} s");
            Environment.Exit(1);
        }
    }

    private sealed record Started(FuzzTarget Target, long Run, byte[] Input, long Since);
}
