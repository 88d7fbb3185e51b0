using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Hosting;
using HepBridge.Outputs;

namespace HepBridge.Commands.Demo;

/// <summary>Packets by type: those sent by the agent and those received by the collector.</summary>
internal sealed class PacketCounts(Agent agent, DemoCollector collector)
{
    private readonly PipelineCounters _made = agent.Pipeline.Counters;

    /// <summary>Packets made by the agent.</summary>
    public long Made => _made.Packets;

    /// <summary>Writes the table; false if a packet was lost.</summary>
    public bool Write(TextWriter output)
    {
        TextTable table = new("packets", "made", "received", "lost");
        Add(table, "log (type 100): calls, registrations, custom", _made.LogPackets, collector.Received(HepPayloadType.Log));
        Add(table, "SIP (type 1)", _made.SipPackets, collector.Received(HepPayloadType.Sip));
        Add(table, "RTCP (type 5)", _made.RtcpPackets, collector.Received(HepPayloadType.Rtcp));
        Add(table, "QoS (type 35)", _made.QosPackets, collector.Received(HepPayloadType.MosShort));
        long received = collector.Received(HepPayloadType.Log, HepPayloadType.Sip, HepPayloadType.Rtcp, HepPayloadType.MosShort);
        Add(table, "all", Made, received);
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

    private static void Add(TextTable table, string name, long made, long received) => table.Add(name, made, received, made - received);
}
