using System.Text;
using HepBridge.Collector.Store;
using HepBridge.Hep;

namespace HepBridge.Collector.Web;

/// <summary>Reads one call with all its legs. Copies references under the store's lock and does the slow work outside it.</summary>
/// <param name="store">Contains the calls.</param>
/// <param name="agentUnit">Unit of jitter of the agent that this page belongs to; if unknown, it is detected from the reports.</param>
internal sealed class CallView(CallStore store, Func<JitterUnit> agentUnit)
{
    private const int MaxHosts = 64;

    /// <summary>The call for the page; null if it does not (or no longer) exist.</summary>
    /// <param name="id">Id of any of its legs.</param>
    public CallDetail? Detail(long id)
    {
        if (Take(id) is not Snapshot snapshot)
        {
            return null;
        }

        List<PacketRow> packets = [];
        List<StreamRow> streams = [];
        foreach (LegCopy leg in snapshot.Legs)
        {
            MediaStreams media = MediaStreams.Read(leg.Ordered, leg.Unit);
            foreach (StoredPacket packet in leg.Packets)
            {
                bool reports = media.Packets.TryGetValue(packet.Number, out (int Stream, double Scale) stream);
                packets.Add(CallRows.From(leg.Row.Id, packet, reports ? streams.Count + stream.Stream : null, jitter => jitter * stream.Scale));
            }

            streams.AddRange(media.Rows(leg.Row.Id));
        }

        packets.Sort(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Leg != b.Leg ? a.Leg.CompareTo(b.Leg) : a.Number.CompareTo(b.Number));
        return new CallDetail(snapshot.Tag, snapshot.Row, Hosts(snapshot.Legs), packets, streams, snapshot.Legs.Sum(static l => l.Dropped));
    }

    public string? Tag(long id) => store.Read(reader => reader.TryGet(id, out Call? call) ? Tag(call) : null);

    /// <summary>One packet in full; null if it does not exist.</summary>
    public PacketBody? Packet(long leg, int number)
    {
        StoredPacket? stored = store.Read(reader => reader.TryGetLeg(leg, out Leg? found) ? found.Packets.FirstOrDefault(p => p.Number == number) : null);
        return stored is null ? null : CallRows.Body(stored);
    }

    /// <summary>The packets that contain a text, ignoring case; null if the call does not exist.</summary>
    public FindReply? Find(long id, string text)
    {
        if (Take(id) is not Snapshot snapshot)
        {
            return null;
        }

        List<string> found = [];
        foreach (LegCopy leg in snapshot.Legs)
        {
            found.AddRange(leg.Packets
                .Where(p => HepDecoder.TryDecode(p.Bytes, out HepPacket packet, out _) && Encoding.UTF8.GetString(packet.Payload).Contains(text, StringComparison.OrdinalIgnoreCase))
                .Select(p => $"{leg.Row.Id}-{p.Number}"));
        }

        return new FindReply(found);
    }

    /// <summary>The call as JSON; null if it does not exist.</summary>
    public CallExport? ExportJson(long id) => Take(id) is not Snapshot snapshot ? null : new CallExport(
        "hepbridge-call-2",
        snapshot.Row,
        snapshot.Legs.ConvertAll(static l => new ExportedLeg(l.Row, MediaStreams.Read(l.Ordered, l.Unit).Rows(l.Row.Id), l.Ordered.Select(CallRows.Body).ToList())));

    /// <summary>Its packets as a HEP3 stream, which any collector can read over TCP; null if it does not exist.</summary>
    public byte[]? ExportHep(long id) => Take(id) is Snapshot snapshot ? Concat([.. snapshot.Legs.SelectMany(static l => l.Packets).OrderBy(static p => p.Time)]) : null;

    /// <summary>The call as text for a ticket; null if it does not exist.</summary>
    public string? ExportText(long id) => Detail(id) is CallDetail detail ? CallText.Write(detail) : null;

    private static byte[] Concat(List<StoredPacket> packets)
    {
        byte[] stream = new byte[packets.Sum(p => p.Bytes.Length)];
        int at = 0;
        foreach (StoredPacket packet in packets)
        {
            packet.Bytes.CopyTo(stream, at);
            at += packet.Bytes.Length;
        }

        return stream;
    }

    // For each leg its signaling hosts by time; media-only hosts of the far end on the outer side.
    private static List<string> Hosts(List<LegCopy> legs)
    {
        List<string> hosts = [];
        foreach (LegCopy leg in legs)
        {
            List<HepAddress> signaling = [], media = [];
            foreach (StoredPacket stored in leg.Ordered)
            {
                if (HepDecoder.TryDecode(stored.Bytes, out HepPacket packet, out _) && !packet.Source.Equals(packet.Destination))
                {
                    List<HepAddress> side = packet.PayloadType == HepPayloadType.Sip ? signaling : media;
                    AddNew(side, packet.Source);
                    AddNew(side, packet.Destination);
                }
                else if (leg.Switch is null && stored.Type == HepPayloadType.Log)
                {
                    AddNew(signaling, packet.Source);
                }
            }

            bool calls = leg == legs[0] && !(signaling.Count > 0 && signaling[0].Equals(leg.Switch));
            List<HepAddress> far = media.FindAll(m => !signaling.Contains(m) && !m.Equals(leg.Switch));
            IEnumerable<HepAddress> near = leg.Switch is HepAddress at ? signaling.Append(at) : signaling;
            foreach (HepAddress address in calls ? far.Concat(near) : near.Concat(far))
            {
                string text = Leg.HostName(address);
                if (text.Length > 0 && hosts.Count < MaxHosts && !hosts.Contains(text))
                {
                    hosts.Add(text);
                }
            }
        }

        return hosts;
    }

    private static void AddNew(List<HepAddress> hosts, HepAddress host)
    {
        if (hosts.Count < MaxHosts && !hosts.Contains(host))
        {
            hosts.Add(host);
        }
    }

    private Snapshot? Take(long id)
    {
        JitterUnit known = agentUnit();
        return store.Read(reader =>
        {
            if (!reader.TryGet(id, out Call? call))
            {
                return null;
            }

            List<LegCopy> legs = [];
            foreach (Leg leg in call.Legs)
            {
                JitterUnit own = known != JitterUnit.Unknown ? known : leg.Jitter.Unit;
                Func<uint, JitterUnit> unit = own != JitterUnit.Unknown ? _ => own : reader.Jitter.Copy();
                legs.Add(new LegCopy(CallRows.From(leg), leg.Packets.ToArray(), leg.Switch, unit, leg.Dropped));
            }

            return new Snapshot(Tag(call), CallRows.From(call), legs);
        });
    }

    private static string Tag(Call call) => $"{call.Count}-{call.Version}";

    private sealed record LegCopy(LegRow Row, StoredPacket[] Packets, HepAddress? Switch, Func<uint, JitterUnit> Unit, long Dropped)
    {
        // UDP and several sources deliver out of order, so sort by the packets' own times.
        public IEnumerable<StoredPacket> Ordered => Packets.OrderBy(static p => p.Time);
    }

    private sealed record Snapshot(string Tag, CallRow Row, List<LegCopy> Legs);
}
