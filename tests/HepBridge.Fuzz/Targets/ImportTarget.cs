using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// A HEP3 stream imported into the viewer in random segments: every packet is counted, limits hold, every call opens,
/// and exports can be imported again.
/// </summary>
internal sealed class ImportTarget() : FuzzTarget("viewer-import", "HEP3 files imported into the viewer, and its calls opened and exported")
{
    private static readonly CallStoreOptions _bounds = new() { MaxCalls = 20, MaxPacketsPerLeg = 30, MaxBytes = 600_000, MaxBytesPerLeg = 100_000 };

    private readonly Mutation[] _own = [.. HepMutations.All, .. TextMutations.All];

    public override IReadOnlyList<byte[]> Corpus => HepPackets.Streams;

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        CallStore store = new(_bounds);
        (long kept, long refused, string? error) = Import(store, input);
        int at = 0;
        long packets = 0;
        while (at < input.Length && HepStreamFramer.Next(input.AsSpan(at), out int length) == HepFrame.Packet)
        {
            at += length;
            packets++;
        }

        Rule.Holds(kept + refused == packets);
        Rule.Holds(error is null == (at == input.Length));
        CallPage page = new CallQuery { Kind = "all", Sort = "mos", Size = CallQuery.MaxSize }.Run(store);
        Rule.Holds(page.Calls.Count == page.Matching && page.Matching <= _bounds.MaxCalls && page.Matching > 0 == kept > 0);
        foreach (CallRow row in page.Calls)
        {
            Open(store, row.Id);
        }

        new CallQuery { Text = "1000", Show = "bad", Sort = "loss", Ascending = true, Offset = 7, Size = 5, Anchor = 3 }.Run(store);
        Rule.Holds(new FiguresQuery(0).Run(store, PacketTime.Now(TimeProvider.System)).Calls <= page.Matching);
        return kept > 0 ? Outcome.Taken($"{Math.Min(page.Matching, 10)} {error is null}") : Outcome.Refused(error is null ? "no packet kept" : "no stream");
    }

    private static void Open(CallStore store, long id)
    {
        CallView view = new(store, () => JitterUnit.Unknown);
        CallDetail detail = view.Detail(id)!;
        Rule.Holds(detail.Packets.Count > 0);
        string json = JsonSerializer.Serialize(detail, ViewerJson.Default.CallDetail);
        Rule.Holds(json.Length > 0);
        Rule.Holds(JsonSerializer.Serialize(view.ExportJson(id)!, ViewerJson.Default.CallExport).Length > 0);
        Rule.Holds(view.ExportText(id)!.Split('\n').Length <= 16 + (2 * detail.Call.Legs.Count) + detail.Streams.Count + detail.Packets.Count);
        foreach (PacketRow packet in detail.Packets.Take(5))
        {
            Rule.Holds(view.Packet(packet.Leg, packet.Number) is not null);
        }

        byte[] exported = view.ExportHep(id)!;
        CallStore second = new();
        (long kept, long refused, string? error) = Import(second, exported);
        Rule.Holds(error is null && refused == 0 && kept == detail.Packets.Count);
    }

    private static (long Kept, long Refused, string? Error) Import(CallStore store, byte[] bytes)
    {
        // Segments of memory like those of a connection; all data is available, so nothing waits.
        Dice dice = Dice.For(bytes);
        Segment first = new(default, 0);
        Segment last = first;
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(bytes.Length - at, 1 + dice.Next(dice.OneIn(3) ? 8 : 5_000));
            last = last.Append(bytes.AsMemory(at, length));
            at += length;
        }

        PipeReader reader = PipeReader.Create(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));
        Task<(long, long, string?)> import = new StreamImport(store, allowed: true).ReadAsync(reader, CancellationToken.None);
        Rule.Holds(import.IsCompleted);
        return import.GetAwaiter().GetResult();
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
