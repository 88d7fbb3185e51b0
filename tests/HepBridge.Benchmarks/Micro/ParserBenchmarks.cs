using BenchmarkDotNet.Attributes;
using HepBridge.FreeSwitch.Events;
using HepBridge.Replay;

namespace HepBridge.Benchmarks.Micro;

/// <summary>Parses one recorded event and reads three of its headers.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private readonly EventParser _parser = new();
    private byte[] _event = [];

    [Params("RECV_RTCP_MESSAGE", "CHANNEL_CREATE", "CHANNEL_HANGUP_COMPLETE")]
    public string Event { get; set; } = "";

    [GlobalSetup]
    public void Load()
    {
        Recording recording = Recording.LoadDemo();
        _event = recording.BodyOf(recording.Frames.First(frame => frame.Name == Event)).ToArray();
    }

    [Benchmark]
    public int Plain()
    {
        _parser.TryParse(_event, EventEncoding.Plain, out FreeSwitchEvent e, out _);
        return e.Get(KnownHeader.UniqueId).Raw.Length + e.Get(KnownHeader.EventSequence).Raw.Length + e.Get(KnownHeader.VariableSipCallId).Raw.Length;
    }
}
