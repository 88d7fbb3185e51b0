using System.Numerics;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Hep;

namespace HepBridge.Outputs.Routing;

/// <summary>
/// Selects one of several servers for a packet: the first healthy one, or one by rendezvous hashing of the Call-ID, where losing a server
/// moves only its own calls. Stateless: health is passed with each packet.
/// </summary>
internal sealed class ServerRouter
{
    /// <summary>Most servers of one object: their health is a bit mask.</summary>
    public const int MaxServers = 64;

    private readonly HepServerMode _mode;
    private readonly ulong[] _seeds;

    /// <param name="mode">How to select.</param>
    /// <param name="servers">The servers' names: a server's calls depend on its name, not on its position in the list.</param>
    public ServerRouter(HepServerMode mode, IReadOnlyList<string> servers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(servers.Count, MaxServers);
        _mode = mode;
        _seeds = [.. servers.Select(name => Fnv1a.Hash(Encoding.UTF8.GetBytes(name)))];
    }

    /// <summary>The index of a packet's server.</summary>
    /// <param name="packet">A whole HEP3 packet.</param>
    /// <param name="healthy">One bit per server; none set counts as all healthy.</param>
    public int Route(ReadOnlySpan<byte> packet, ulong healthy)
    {
        if (_seeds.Length == 1)
        {
            return 0;
        }

        if (_mode == HepServerMode.Failover)
        {
            return healthy == 0 ? 0 : BitOperations.TrailingZeroCount(healthy);
        }

        ulong call = Fnv1a.Hash(CallOf(packet));
        int best = 0;
        ulong most = 0;
        for (int i = 0; i < _seeds.Length; i++)
        {
            if (healthy != 0 && (healthy & (1UL << i)) == 0)
            {
                continue;
            }

            ulong weight = Mix(call ^ _seeds[i]);
            if (weight >= most)
            {
                most = weight;
                best = i;
            }
        }

        return best;
    }

    // SIP belongs to its own Call-ID, whatever leg its correlation id names: there Homer looks for the leg's reports.
    private static ReadOnlySpan<byte> CallOf(ReadOnlySpan<byte> packet)
    {
        if (!HepDecoder.TryDecode(packet, out HepPacket decoded, out _))
        {
            return default;
        }

        return decoded.PayloadType == HepPayloadType.Sip && SipHead.TryRead(decoded.Payload, out SipHead head) && !head.CallId.IsEmpty
            ? head.CallId
            : decoded.CorrelationId;
    }

    // Spreads every bit over all others (the finalizer of splitmix64).
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
