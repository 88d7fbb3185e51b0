using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;
using HepBridge.Inputs.Packets;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// What other agents send to a HEP input: each packet passes byte for byte or is refused with a reason; joined and with chunks set, what leaves is a valid packet with the
/// same payload, and nothing is lost or waits for ever.
/// </summary>
internal sealed class HepInputTarget() : FuzzTarget("hep-input", "HEP packets of other agents through the input and the pipeline"), IOutput
{
    private readonly List<byte[]> _left = [];

    public override IReadOnlyList<byte[]> Corpus => HepPackets.Streams;

    protected override IEnumerable<Mutation> OwnMutations => HepMutations.All;

    string IOutput.Name => "fuzz";

    OutputCounters IOutput.Counters { get; } = new();

    public override Outcome Run(byte[] input)
    {
        Dice dice = Dice.For(input);
        List<(int Offset, int Length)> pieces = Cut(input);
        List<byte[]> good = Play(input, pieces, new PacketOptions(), fill: false);
        Rule.Holds(_left.Count == good.Count && _left.Zip(good).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));

        PacketOptions options = new()
        {
            SipCorrelation = SipCorrelation.Joined,
            CaptureId = dice.OneIn(2) ? 7u : 0,
            AuthKey = dice.OneIn(2) ? "key"u8.ToArray() : [],
            NodeName = dice.OneIn(2) ? "node"u8.ToArray() : [],
        };
        good = Play(input, pieces, options, fill: dice.OneIn(2));
        Rule.Holds(_left.Count == good.Count);
        string[] before = [.. good.Select(PayloadOf).Order(StringComparer.Ordinal)];
        Rule.Holds(before.SequenceEqual(_left.Select(PayloadOf).Order(StringComparer.Ordinal)));
        return good.Count > 0 ? Outcome.Taken($"{Math.Min(good.Count, 10)} of {Math.Min(pieces.Count, 10)}") : Outcome.Refused($"{Math.Min(pieces.Count, 10)}");
    }

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind) => _left.Add(packet.ToArray());

    public void Flush()
    {
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Where the framer sees packets, as from a stream; where it sees none, pieces as from datagrams.
    private static List<(int Offset, int Length)> Cut(byte[] input)
    {
        List<(int, int)> pieces = [];
        for (int at = 0; at < input.Length && pieces.Count < 200;)
        {
            int length = HepStreamFramer.Next(input.AsSpan(at), out int framed) == HepFrame.Packet ? framed : Math.Min(700, input.Length - at);
            pieces.Add((at, length));
            at += length;
        }

        return pieces;
    }

    private List<byte[]> Play(byte[] input, List<(int Offset, int Length)> pieces, PacketOptions options, bool fill)
    {
        _left.Clear();
        EventPipeline pipeline = new(new CallOptions(), TimeProvider.System, NullLogger<EventPipeline>.Instance) { Outputs = [this] };
        HepInputConfiguration configuration = new() { Reports = new ReportOptions { Packets = options }, FillAddresses = fill };
        using HepInput hep = new(configuration, pipeline, TimeProvider.System, NullLogger<HepInput>.Instance);
        PacketIntake intake = hep.MakeIntake();
        List<byte[]> good = [];
        foreach ((int offset, int length) in pieces)
        {
            intake.Add(input, offset, length, default);
            if (HepDecoder.TryDecode(input.AsSpan(offset, length), out _, out _))
            {
                HepStreamFramer.Next(input.AsSpan(offset, length), out int whole);
                good.Add(input[offset..(offset + whole)]);
            }

            if (intake.IsFull)
            {
                intake.Flush(input);
            }
        }

        intake.Flush(input);
        lock (pipeline.Gate)
        {
            pipeline.DropAllHeld();
        }

        Rule.Holds(pipeline.Counters.AreConserved && pipeline.Counters.Held == 0);
        Rule.Holds(pipeline.Counters.Received == good.Count);
        Rule.Holds(good.Count + Enum.GetValues<PacketReject>().Sum(hep.Counters.Rejected) == pieces.Count);
        return good;
    }

    private static string PayloadOf(byte[] bytes)
    {
        Rule.Holds(HepDecoder.TryDecode(bytes, out HepPacket packet, out _));
        return Convert.ToHexString(packet.Payload);
    }
}
