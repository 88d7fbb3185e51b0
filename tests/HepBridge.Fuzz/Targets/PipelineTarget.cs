using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// A leg's events, some of them mutated, through the whole pipeline: every event is counted exactly once, and
/// collectors accept every packet. Options vary with the input.
/// </summary>
internal sealed class PipelineTarget : FuzzTarget
{
    private readonly Mutation[] _own =
    [
        .. TextMutations.All, TextMutations.HeaderNumber("Event-Date-Timestamp"), TextMutations.HeaderNumber("Event-Sequence"),
        TextMutations.HeaderNumber("Lost"), TextMutations.HeaderNumber("NTP-Timestamp"),
        TextMutations.Words("CHANNEL_CREATE", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY", "CUSTOM",
            "RECV_RTCP_MESSAGE", "SEND_RTCP_MESSAGE", "DTMF", "CHANNEL_DATA", "HEARTBEAT", "sofia%3A%3Aregister", "sofia%3A%3Atransferor",
            "variable_originator: ", "Other-Leg-Unique-ID: ", "Unique-ID: ", "Core-UUID: ", "variable_sip_call_id: ", "127.0.0.1", "%3A%3A1", "ARRAY::a|:b"),
    ];

    private readonly List<byte[][]> _legs;
    private readonly EventParser _parser = new();
    private readonly Mutant _event = new();

    public PipelineTarget(string name, string what, bool onlyRtcp)
        : base(name, what)
    {
        _legs = [.. RecordedLegs.Read(RecordedFrames.Narrow, onlyRtcp), .. RecordedLegs.Read(RecordedFrames.Json, onlyRtcp), .. RecordedLegs.Read(RecordedFrames.Plain, onlyRtcp)];
        Corpus = [.. _legs.Select(frames => frames.Take(6).SelectMany(frame => frame).ToArray()).Where(input => Run(input).Accepted)];
    }

    public override IReadOnlyList<byte[]> Corpus { get; }

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override void Make(Mutant mutant, Dice dice)
    {
        byte[][] leg = dice.Pick(_legs);
        List<byte[]> frames = [];
        int chance = 1 + (leg.Length / 4);
        foreach (byte[] frame in leg)
        {
            if (frames.Count == 0 || dice.OneIn(chance))
            {
                frames.Add(frame);
            }
        }

        mutant.Set(default);
        int changed = dice.Next(frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            if (i != changed && !dice.OneIn(4))
            {
                mutant.Add(frames[i]);
                continue;
            }

            // The mutated event is framed again, with the correct length.
            EslFraming.TryRead(frames[i], int.MaxValue, out EslFrame frame, out _, out _);
            _event.Set(frame.Body);
            Mutate(_event, dice);
            string type = frame.ContentType == EslContentType.EventJson ? "text/event-json" : "text/event-plain";
            mutant.Add(Encoding.ASCII.GetBytes($"Content-Length: {_event.Length}\nContent-Type: {type}\n\n"));
            mutant.Add(_event.Bytes);
        }
    }

    public override Outcome Run(byte[] input)
    {
        Dice dice = Dice.For(input);
        CheckingOutput output = new();
        ReportOptions reports = Options(dice);
        output.MaxPacket = reports.MaxPacket;
        StillTime time = new(DateTimeOffset.FromUnixTimeSeconds(1_795_316_112));
        EventPipeline pipeline = new(
            new CallOptions
            {
                Correlation = dice.OneIn(3) ? Correlation.ALeg : dice.OneIn(3) ? Correlation.Both : Correlation.Own,
                CorrelateNonSip = dice.OneIn(2),
                CallIdVariable = dice.OneIn(3) ? "sip_h_X-CID" : null,
                MaxLegs = dice.OneIn(4) ? 1 : 100,
                HoldPerLeg = dice.OneIn(4) ? 1 : 64,
            },
            time,
            NullLogger<EventPipeline>.Instance)
        {
            Outputs = [output],
            FilterDuplicates = dice.OneIn(20),
        };
        InputBinding binding = new("fuzz", new ReportPlan(reports)) { IsSingleSwitch = dice.OneIn(2) };
        lock (pipeline.Gate)
        {
            int at = 0;
            while (EslFraming.TryRead(input.AsSpan(at), int.MaxValue, out EslFrame frame, out int length, out _))
            {
                at += length;
                Feed(pipeline, binding, frame);
                pipeline.EndBatch();
                Rule.Holds(pipeline.Counters.AreConserved);
                if (dice.OneIn(6))
                {
                    time.Now += TimeSpan.FromSeconds(dice.Next(100));
                    pipeline.Tick();
                    Rule.Holds(pipeline.Counters.AreConserved);
                }
            }

            pipeline.DropAllHeld();
        }

        Rule.Holds(pipeline.Counters.AreConserved && pipeline.Counters.Held == 0);
        Rule.Holds(pipeline.Counters.Packets == output.Packets);
        Rule.Holds(pipeline.Counters.RtcpNoAddress >= output.PacketsWithoutPort);
        return output.Packets > 0 ? Outcome.Taken($"types {output.Types}") : Outcome.Refused("no packet");
    }

    private void Feed(EventPipeline pipeline, InputBinding binding, in EslFrame frame)
    {
        if (!frame.IsEventOrLog)
        {
            return;
        }

        EventEncoding encoding = frame.ContentType switch
        {
            EslContentType.EventJson => EventEncoding.Json,
            EslContentType.LogData => EventEncoding.Log,
            _ => EventEncoding.Plain,
        };
        if (_parser.TryParse(encoding == EventEncoding.Log ? frame.Bytes : frame.Body, encoding, out FreeSwitchEvent e, out EventRejection rejection))
        {
            pipeline.Process(e, binding);
        }
        else
        {
            pipeline.CountMalformed(binding, rejection);
        }
    }

    private static ReportOptions Options(Dice dice) => new()
    {
        RegistrationEvents = true,
        CustomEvents = true,
        LogEvents = true,
        LogLevel = 7,
        CallFormat = dice.OneIn(3) ? CallFormat.Json : CallFormat.Text,
        Dtmf = dice.OneIn(3) ? DtmfReports.Masked : DtmfReports.Full,
        RtcpLoss = dice.OneIn(2) ? RtcpLoss.Delta : RtcpLoss.Cumulative,
        RtcpJitter = dice.OneIn(2) ? RtcpJitter.Milliseconds : RtcpJitter.Raw,
        QosTypes = dice.OneIn(2) ? [HepPayloadType.MosShort] : [HepPayloadType.MosFull, HepPayloadType.MosShort, HepPayloadType.Report],
        MaxPacket = dice.OneIn(3) ? 600 : 65_000,
        AuthKey = dice.OneIn(3) ? "secret"u8.ToArray() : [],
        NodeName = dice.OneIn(3) ? "node-1"u8.ToArray() : [],
    };

    private sealed class StillTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
