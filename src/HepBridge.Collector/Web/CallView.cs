using System.Globalization;
using HepBridge.Collector.Store;

namespace HepBridge.Collector.Web;

/// <summary>Opens one call, alone or with its other legs. References are taken under the store's lock; all that costs time happens outside it.</summary>
internal static class CallView
{
    /// <summary>The call for the page; null if it is not (or no longer) there.</summary>
    public static CallDetail? Detail(CallStore store, long id, bool allLegs)
    {
        if (Take(store, id) is not Snapshot snapshot)
        {
            return null;
        }

        List<LegCopy> chosen = allLegs ? snapshot.Legs : snapshot.Legs.FindAll(l => l.Row.Id == id);
        List<PacketRow> packets = [];
        List<StreamRow> streams = [];
        foreach (LegCopy leg in chosen)
        {
            packets.AddRange(leg.Packets.Select(p => CallRows.From(leg.Row.Id, p)));
            streams.AddRange(MediaStreams.From(leg.Row.Id, leg.Ordered));
        }

        return new CallDetail(
            snapshot.Tag,
            snapshot.Legs.Find(l => l.Row.Id == id)!.Row,
            allLegs,
            snapshot.Legs.Select(l => l.Row).ToList(),
            packets.OrderBy(p => p.Time).ToList(),
            streams,
            chosen.Sum(l => l.Dropped));
    }

    /// <summary>Its tag alone: changes whenever the detail would.</summary>
    public static string? Tag(CallStore store, long id) => store.Read(reader => reader.TryGet(id, out Call? call) ? Tag(reader.Legs(call)) : null);

    /// <summary>One packet in full; null if it is not there.</summary>
    public static PacketBody? Packet(CallStore store, long id, int number)
    {
        StoredPacket? stored = store.Read(reader => reader.TryGet(id, out Call? call) ? call.Packets.FirstOrDefault(p => p.Number == number) : null);
        return stored is null ? null : CallRows.Body(stored);
    }

    /// <summary>All of it as JSON; null if it is not there.</summary>
    public static CallExport? ExportJson(CallStore store, long id, bool allLegs)
    {
        IEnumerable<LegCopy>? legs = Take(store, id)?.Legs.Where(l => allLegs || l.Row.Id == id);
        return legs is null ? null : new CallExport(
            "hepbridge-call-1",
            legs.Select(l => new ExportedCall(l.Row, MediaStreams.From(l.Row.Id, l.Ordered), l.Ordered.Select(CallRows.Body).ToList())).ToList());
    }

    /// <summary>Its packets one behind the other: a HEP3 stream as any collector reads it over TCP; null if it is not there.</summary>
    public static byte[]? ExportHep(CallStore store, long id, bool allLegs)
    {
        IEnumerable<StoredPacket>? packets = Take(store, id)?.Legs.Where(l => allLegs || l.Row.Id == id).SelectMany(l => l.Packets).OrderBy(p => p.Time);
        return packets is null ? null : Concat(packets.ToList());
    }

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

    private static Snapshot? Take(CallStore store, long id) => store.Read(reader =>
    {
        if (!reader.TryGet(id, out Call? call))
        {
            return null;
        }

        List<Call> legs = reader.Legs(call);
        return new Snapshot(Tag(legs), legs.ConvertAll(l => new LegCopy(CallRows.From(l, legs.Count), l.Packets.ToArray(), l.Dropped)));
    });

    private static string Tag(List<Call> legs) => string.Create(CultureInfo.InvariantCulture, $"{legs.Count}-{legs.Max(l => l.Version)}");

    private sealed record LegCopy(CallRow Row, StoredPacket[] Packets, long Dropped)
    {
        // UDP and several sources deliver out of order; the packets' own times decide.
        public IEnumerable<StoredPacket> Ordered => Packets.OrderBy(p => p.Time);
    }

    private sealed record Snapshot(string Tag, List<LegCopy> Legs);
}
