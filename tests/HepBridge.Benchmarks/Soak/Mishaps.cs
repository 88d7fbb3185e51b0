using System.Diagnostics;

namespace HepBridge.Benchmarks.Soak;

/// <summary>The disturbances at one moment.</summary>
/// <param name="Speed">Multiple of the rate: more in a burst, 0 in silence.</param>
/// <param name="Heartbeat">Whether a HEARTBEAT is due.</param>
/// <param name="ClockError">Error of the switch's clock.</param>
/// <param name="Cut">The connection ends in the middle of a frame.</param>
/// <param name="Restart">The switch restarts.</param>
internal readonly record struct Mishap(double Speed, bool Heartbeat, TimeSpan ClockError, bool Cut, bool Restart);

/// <summary>
/// Schedule of disturbances. In each period: a burst after a tenth of it, a wrong clock in its fourth tenth, missing
/// HEARTBEATs in its sixth and seventh, silence in its eighth, and a cut connection at its end; every third cut is a
/// restart.
/// </summary>
internal sealed class Mishaps(SoakOptions options)
{
    private static readonly TimeSpan[] _errors = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1)];

    private readonly long _began = Stopwatch.GetTimestamp();
    private int _cuts;
    private int _restarts;
    private int _bursts;
    private int _clockJumps;
    private int _heartbeats;

    public Mishap Next()
    {
        double time = Stopwatch.GetElapsedTime(_began) / options.Period;
        int period = (int)time;
        int tenth = (int)(time * 10) % 10;
        bool cut = period > _cuts;
        bool restart = cut && period % 3 == 0;
        _cuts += cut ? 1 : 0;
        _restarts += restart ? 1 : 0;
        bool burst = period >= _bursts && tenth >= 1;
        _bursts += burst ? 1 : 0;
        bool wrong = tenth == 4;
        _clockJumps = wrong ? period + 1 : _clockJumps;

        // Ten HEARTBEATs per period, minus the missing ones.
        int beat = (int)(time * 10);
        bool heartbeat = beat >= _heartbeats && tenth is not (6 or 7);
        _heartbeats = heartbeat ? beat + 1 : _heartbeats;
        double speed = burst ? Math.Min(options.Rate, 3_000) / (options.Rate * 0.02) : tenth == 8 ? 0 : 1.1;
        return new Mishap(speed, heartbeat, wrong ? _errors[period % _errors.Length] : TimeSpan.Zero, cut, restart);
    }

    public override string ToString() => $"{_cuts} connections cut in the middle of a frame, {_restarts} of them restarts; {_bursts} bursts, {_clockJumps} clock jumps";
}
