using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;
using HepBridge.Inputs.Janus;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Fuzz.Targets;

/// <summary>Bodies that Janus posts, through the whole pipeline: JSON is what .NET reads as such, every packet can be stored, and every event is counted once.</summary>
internal sealed class JanusTarget() : FuzzTarget("janus", "bodies of Janus's event handler")
{
    private readonly Mutation[] _own = [.. TextMutations.All, JsonMutations.Change];

    public override IReadOnlyList<byte[]> Corpus { get; } = Bodies();

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        bool isJson = JanusBody.IsJson(input);
        Rule.Holds(isJson == IsJson(input));
        if (!isJson)
        {
            return Outcome.Refused("no JSON");
        }

        EventPipeline pipeline = new(new CallOptions { CorrelateNonSip = input.Length % 2 == 0 }, TimeProvider.System, NullLogger<EventPipeline>.Instance);
        StoringOutput output = new();
        pipeline.Outputs = [output];
        JanusInputConfiguration configuration = new() { Listen = new IPEndPoint(IPAddress.Loopback, 0), Reports = new ReportOptions(), Events = JanusEvents.All };
        using JanusInput janus = new(configuration, pipeline, TimeProvider.System, NullLoggerFactory.Instance);
        bool any = janus.OnBody(input, IPAddress.Loopback);
        Rule.Holds(pipeline.Counters.AreConserved);
        lock (pipeline.Gate)
        {
            pipeline.DropAllHeld();
            pipeline.EndBatch();
        }

        Rule.Holds(pipeline.Counters.AreConserved && pipeline.Counters.Held == 0 && output.Packets == pipeline.Counters.Packets);
        return any ? Outcome.Taken($"{output.Types:x}") : Outcome.Refused("no event");
    }

    private static bool IsJson(byte[] input)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(input);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static List<byte[]> Bodies() =>
    [
        .. Encoding.UTF8.GetString(RepositoryFiles.Capture("janus", "session.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes),
        """{"emitter":"gw1","type":4,"timestamp":1,"event":{"schema":"s","data":{"call_id":"a@b","x":[1,{"y":null}]}}}"""u8.ToArray(),
    ];

    /// <summary>Looks at every packet as a collector does; SIP may be any text.</summary>
    private sealed class StoringOutput : IOutput
    {
        private readonly CheckingOutput _checking = new() { MaxPacket = new ReportOptions().MaxPacket };

        public string Name => "storing";

        public OutputCounters Counters { get; } = new();

        public int Packets { get; private set; }

        public int Types { get; private set; }

        public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
        {
            Packets++;
            Types |= 1 << (int)kind;
            if (kind != PacketKind.Sip)
            {
                _checking.Offer(packet, kind);
                return;
            }

            Rule.Holds(HepDecoder.TryDecode(packet, out HepPacket decoded, out _) && !decoded.CorrelationId.IsEmpty);
            Rule.Holds(!decoded.Payload.IsEmpty && Utf8.IsValid(decoded.Payload) && Utf8.IsValid(decoded.CorrelationId));
        }

        public void Flush()
        {
        }

        public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
