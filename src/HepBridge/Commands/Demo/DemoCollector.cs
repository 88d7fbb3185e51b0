using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Hosting;
using HepBridge.Outputs;

namespace HepBridge.Commands.Demo;

/// <summary>Counts the packets that the demo's collector receives.</summary>
internal sealed class DemoCollector(IPacketPrinter? printer) : IHepHandler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<HepPayloadType, long> _counts = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;
    private long _wanted = long.MaxValue;

    public long Malformed { get; private set; }

    public long Received(HepPayloadType type)
    {
        lock (_gate)
        {
            return _counts.GetValueOrDefault(type);
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

/// <summary>Packets by type: those sent by the agent and those received by the collector.</summary>
internal sealed class PacketCounts(Agent agent, DemoCollector collector)
{
    private readonly PipelineCounters _made = agent.Pipeline.Counters;

    public long Made => _made.Packets;

    /// <summary>Writes the table; false if a packet was lost.</summary>
    public bool Write(TextWriter output)
    {
        (string Name, long Made, long Received)[] rows =
        [
            ("log (type 100): calls, registrations, custom", _made.LogPackets, collector.Received(HepPayloadType.Log)),
            ("SIP (type 1)", _made.SipPackets, collector.Received(HepPayloadType.Sip)),
            ("RTCP (type 5)", _made.RtcpPackets, collector.Received(HepPayloadType.Rtcp)),
            ("QoS (type 35)", _made.QosPackets, collector.Received(HepPayloadType.MosShort)),
        ];
        long received = rows.Sum(static row => row.Received);
        TextTable table = new("packets", "made", "received", "lost");
        foreach ((string name, long made, long got) in rows.Append(("all", Made, received)))
        {
            table.Add(name, made, got, made - got);
        }

        table.Write(output, "  ");
        output.WriteLine();
        foreach (IOutput to in agent.Outputs)
        {
            output.WriteLine($"  {to.Name}: {to.Counters.Sent} sent, {to.Counters.DroppedTotal} dropped; malformed at the collector: {collector.Malformed}");
        }

        bool nothingLost = received == Made && collector.Malformed == 0;
        output.WriteLine(nothingLost ? "  Nothing was lost." : "  Packets were lost: see the counts above.");
        return nothingLost;
    }
}
