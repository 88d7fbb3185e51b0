using HepBridge.FreeSwitch.Multicast;
using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// The table of switches, driven by the input: four bytes per step (name, Core-UUID, kind, seconds). Its counts match
/// its peers after every step, and changes alternate as they must.
/// </summary>
internal sealed class PeerTarget() : FuzzTarget("peers", "the table of switches, driven by random HEARTBEATs")
{
    private const int Capacity = 12;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(40);

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        [.. Enumerable.Range(0, 80).SelectMany(i => (byte[])[(byte)(i % 3), 0, 0, 10])],
        [.. Enumerable.Range(0, 80).SelectMany(i => (byte[])[(byte)(i % 20), (byte)(i / 30), (byte)(i % 4), 3])],
        [.. Enumerable.Range(0, 80).SelectMany(i => (byte[])[1, (byte)(i % 2), 0, 20])],
    ];

    protected override IEnumerable<Mutation> OwnMutations => [];

    public override Outcome Run(byte[] input)
    {
        PeerTable table = new(_timeout, Capacity);
        List<Peer> down = [];
        List<byte[]> gone = [];
        HashSet<string> up = [];
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        int changes = 0;
        byte[] name = new byte[2];
        byte[] core = new byte[1];
        for (int at = 0; at + 4 <= Math.Min(input.Length, 8_000); at += 4)
        {
            name[0] = (byte)('a' + (input[at] % 20));
            core[0] = (byte)('0' + (input[at + 1] % 10));
            now += TimeSpan.FromSeconds(input[at + 3] % 64);
            bool isHeartbeat = input[at + 2] % 4 != 3;
            PeerChange change = table.Observe(name, core, SenderAddress.FromBytes([127, 0, 0, input[at]]), isHeartbeat, now, out Peer? peer);
            changes |= 1 << (int)change;
            switch (change)
            {
                case PeerChange.Up:
                    Rule.Holds(peer is { IsUp: true } && isHeartbeat && up.Add(peer.Name));
                    break;
                case PeerChange.Restarted:
                    Rule.Holds(peer is { IsUp: true } && up.Contains(peer.Name));
                    break;
                case PeerChange.NameConflict:
                    Rule.Holds(peer is { HasConflict: true, IsUp: true });
                    break;
            }

            if (input[at + 2] % 8 >= 4)
            {
                down.Clear();
                table.Tick(now, down, gone);
                Rule.Holds(down.TrueForAll(lost => !lost.IsUp && up.Remove(lost.Name)));
            }

            Rule.Holds(table.Count <= Capacity && table.Up == up.Count && table.Up == table.Peers.Count(one => one.IsUp));
        }

        return Outcome.Taken($"changes {changes}");
    }
}
