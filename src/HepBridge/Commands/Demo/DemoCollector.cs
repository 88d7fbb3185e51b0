using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Hep;

namespace HepBridge.Commands.Demo;

/// <summary>Counts the packets that the demo's collector receives.</summary>
internal sealed class DemoCollector(IPacketPrinter? printer) : IHepHandler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<HepPayloadType, long> _counts = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;
    private long _wanted = long.MaxValue;

    /// <summary>Packets that are invalid or cannot be read.</summary>
    public long Malformed { get; private set; }

    /// <summary>Number of packets of these types.</summary>
    public long Received(params ReadOnlySpan<HepPayloadType> types)
    {
        lock (_gate)
        {
            long sum = 0;
            foreach (HepPayloadType type in types)
            {
                sum += _counts.GetValueOrDefault(type);
            }

            return sum;
        }
    }

    /// <summary>Waits for a number of packets, with a timeout: UDP packets in flight arrive at once or never.</summary>
    public async Task WaitForAsync(long packets, TimeSpan atMost)
    {
        lock (_gate)
        {
            _wanted = packets;
            CheckComplete();
        }

        await _complete.Task.WaitAsync(atMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        lock (_gate)
        {
            _counts[packet.PayloadType] = _counts.GetValueOrDefault(packet.PayloadType) + 1;
            _received++;
            CheckComplete();
        }

        printer?.Print(packet, bytes, sender);
    }

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        lock (_gate)
        {
            Malformed++;
        }
    }

    private void CheckComplete()
    {
        if (_received >= _wanted)
        {
            _complete.TrySetResult();
        }
    }
}
