using BenchmarkDotNet.Attributes;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Replay;

namespace HepBridge.Benchmarks.Micro;

/// <summary>Decrypts one datagram of mod_event_multicast to its event, including the copy of the datagram.</summary>
[MemoryDiagnoser]
public class PskBenchmarks
{
    private readonly PskCipher _cipher = new("hep-bridge-psk"u8);
    private readonly byte[] _buffer = new byte[MulticastDatagram.MaxLength];
    private byte[] _datagram = [];

    [Params("RECV_RTCP_MESSAGE", "CHANNEL_HANGUP_COMPLETE")]
    public string Event { get; set; } = "";

    [GlobalSetup]
    public void Encrypt()
    {
        Recording recording = Recording.LoadDemo();
        ReadOnlySpan<byte> plain = recording.BodyOf(recording.Frames.First(frame => frame.Name == Event));
        new MulticastDatagramWriter("fs", _cipher).TryWrite(plain, Guid.NewGuid(), _buffer, out int length);
        _datagram = _buffer[..length];
        Console.WriteLine($"// {Event}: a datagram of {length} bytes");
    }

    [Benchmark]
    public int Open()
    {
        _datagram.CopyTo(_buffer, 0);
        MulticastDatagram.Open(_buffer, 0, _datagram.Length, _cipher, out _, out int length);
        return length;
    }
}
