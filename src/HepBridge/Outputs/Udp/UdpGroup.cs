using HepBridge.Diagnostics;
using HepBridge.Outputs.Routing;

namespace HepBridge.Outputs.Udp;

/// <summary>
/// Several UDP collectors of one object, for failover or by hash. A collector that refuses gets only an occasional copy
/// of a packet until it stops refusing. The members share the group's counters.
/// </summary>
internal sealed class UdpGroup(string name, UdpOutput[] members, ServerRouter router, OutputCounters counters) : IOutput
{
    private readonly ulong _all = (1UL << (members.Length - 1) << 1) - 1;
    private ulong _healthy = HealthOf(members);

    public string Name => name;

    public OutputCounters Counters => counters;

    public PacketQueue[] Rings { get; } = [.. members.SelectMany(member => member.Rings)];

    public OutputState State => members.Aggregate(default(OutputState), (sum, member) => sum + member.State);

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        members[router.Route(packet, _healthy)].Offer(packet, kind);
        if (_healthy == _all)
        {
            return;
        }

        for (int i = 0; i < members.Length; i++)
        {
            if ((_healthy & (1UL << i)) == 0)
            {
                members[i].Probe(packet);
            }
        }
    }

    public void Flush()
    {
        foreach (UdpOutput member in members)
        {
            member.Flush();
        }

        _healthy = HealthOf(members);
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.WhenAll(members.Select(member => member.DrainAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (UdpOutput member in members)
        {
            await member.DisposeAsync();
        }
    }

    private static ulong HealthOf(UdpOutput[] members)
    {
        ulong healthy = 0;
        for (int i = 0; i < members.Length; i++)
        {
            healthy |= members[i].IsHealthy ? 1UL << i : 0;
        }

        return healthy;
    }
}
