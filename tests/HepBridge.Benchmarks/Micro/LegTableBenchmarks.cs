using System.Text;
using BenchmarkDotNet.Attributes;
using HepBridge.Calls;

namespace HepBridge.Benchmarks.Micro;

/// <summary>Looks up an event's leg, cycling through all legs: with many of them each look-up is a cache miss.</summary>
[MemoryDiagnoser]
public class LegTableBenchmarks
{
    private readonly LegTable _table = new(1_000_000);
    private readonly Switch _switch = new("core"u8.ToArray(), 0);
    private byte[][] _ids = [];
    private int _turn;

    [Params(100, 20_000, 100_000)]
    public int Legs { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _ids = [.. Enumerable.Range(0, Legs).Select(_ => Encoding.ASCII.GetBytes(Guid.NewGuid().ToString()))];
        foreach (byte[] id in _ids)
        {
            _table.Add(_switch, id, 0);
        }
    }

    [Benchmark]
    public object? FindAndTouch()
    {
        _turn = (_turn + 1) % _ids.Length;
        Leg? leg = _table.Find(_switch, _ids[_turn]);
        _table.Touch(leg!, 1);
        return leg;
    }
}
