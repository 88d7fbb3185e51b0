using BenchmarkDotNet.Attributes;
using HepBridge.Hep;

namespace HepBridge.Benchmarks.Micro;

/// <summary>Encodes one packet into an existing buffer.</summary>
[MemoryDiagnoser]
public class EncoderBenchmarks
{
    private readonly byte[] _buffer = new byte[65_000];
    private byte[] _payload = [];

    [Params(300, 4_000)]
    public int Payload { get; set; }

    [GlobalSetup]
    public void Fill() => _payload = new byte[Payload];

    [Benchmark]
    public int Encode()
    {
        HepPacket packet = new()
        {
            Protocol = 17,
            Source = HepAddress.From(System.Net.IPAddress.Loopback),
            Destination = HepAddress.From(System.Net.IPAddress.Loopback),
            SourcePort = 30_003,
            DestinationPort = 20_453,
            Seconds = 1_795_305_308,
            Microseconds = 850_627,
            PayloadType = HepPayloadType.Log,
            CaptureId = 2001,
            CorrelationId = "d1dfb11f-60a9-1240-4381-7a8fdb24f3ae"u8,
            Payload = _payload,
        };
        HepEncoder.TryEncode(packet, _buffer, out int written);
        return written;
    }
}
