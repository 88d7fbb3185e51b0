using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Pipeline;
using HepBridge.Reports;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Pipeline;

/// <summary>Nothing is lost uncounted, nothing is reported twice, and nothing is allocated on the way.</summary>
public class PipelineLawTests
{
    [Theory]
    [InlineData(1, nameof(Correlation.Own))]
    [InlineData(2, nameof(Correlation.ALeg))]
    [InlineData(3, nameof(Correlation.Both))]
    public void Every_event_is_accounted_for_in_any_order(int seed, string correlation)
    {
        Random random = new(seed);
        List<(byte[] Bytes, EventEncoding Encoding)> events =
            [.. RecordedEvents.All(EslCapture.Read("esl-narrow.bin.gz")), .. RecordedEvents.All(EslCapture.Read("esl-log.bin.gz")), ("broken"u8.ToArray(), EventEncoding.Plain)];
        for (int order = 0; order < 60; order++)
        {
            PipelineRig rig = new(calls: new CallOptions
            {
                Correlation = Enum.Parse<Correlation>(correlation),
                CorrelateNonSip = order % 2 == 0,
                MaxLegs = random.Next(1, 30),
                HoldPerLeg = random.Next(1, 8),
                HoldTotal = random.Next(1, 40),
            });
            rig.Pipeline.FilterDuplicates = order % 3 == 0;
            for (int i = 0; i < 400; i++)
            {
                (byte[] bytes, EventEncoding encoding) = events[random.Next(events.Count)];
                lock (rig.Pipeline.Gate)
                {
                    rig.Feed(bytes, encoding);
                    rig.Pipeline.EndBatch();
                }

                if (random.Next(20) == 0)
                {
                    rig.Advance(random.Next(90));
                }

                Assert.True(rig.Pipeline.Counters.AreConserved, $"order {order}, event {i}");
            }

            rig.Pipeline.DropAllHeld();
            Assert.Equal(400, rig.Pipeline.Counters.Received);
            Assert.Equal(0, rig.Pipeline.Counters.Held);
            Assert.True(rig.Pipeline.Counters.AreConserved);
            Assert.Equal(rig.Pipeline.Counters.Packets, rig.Packets.Count);
        }
    }

    [Fact]
    public void An_event_received_by_two_inputs_is_reported_once()
    {
        byte[] stream = EslCapture.Read("esl-plain.bin.gz");
        PipelineRig once = new PipelineRig().Feed(stream);
        PipelineRig twice = new();
        twice.Pipeline.FilterDuplicates = true;
        InputBinding second = new("second", new ReportPlan(PipelineRig.AllReports));
        InputBinding first = twice.Input;
        foreach ((byte[] bytes, EventEncoding encoding) in RecordedEvents.All(stream))
        {
            foreach (InputBinding input in (InputBinding[])[first, second])
            {
                twice.Input = input;
                lock (twice.Pipeline.Gate)
                {
                    twice.Feed(bytes, encoding);
                    twice.Pipeline.EndBatch();
                }
            }
        }

        Assert.Equal(once.Packets, twice.Packets);
        Assert.Equal(once.Pipeline.Counters.Received, twice.Pipeline.Counters.Duplicate);
        Assert.Equal(first.Received, second.Received);
        Assert.True(twice.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void A_second_copy_of_an_ended_calls_events_revives_no_leg()
    {
        PipelineRig rig = new();
        rig.Pipeline.FilterDuplicates = true;
        for (int way = 0; way < 2; way++)
        {
            rig.Inbound("a", "a@x", ("Event-Sequence", "900000001")).Sip("CHANNEL_DESTROY", "a", ("Event-Sequence", "900000002"));
        }

        rig.Advance(11);
        Assert.Equal(0, rig.Pipeline.Counters.Legs);
        Assert.Equal(2, rig.Pipeline.Counters.Duplicate);
        Assert.Equal(["CREATE", "DESTROY"], rig.States("a@x"));
    }

    [Fact]
    public void With_a_single_input_no_event_counts_as_a_duplicate()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x", ("Event-Sequence", "5")).Inbound("b", "b@x", ("Event-Sequence", "5"));

        Assert.Equal(2, rig.Packets.Count);
    }

    [Theory]
    [InlineData("esl-plain.bin.gz", nameof(CallFormat.Text))]
    [InlineData("esl-json.bin.gz", nameof(CallFormat.Text))]
    [InlineData("esl-plain.bin.gz", nameof(CallFormat.Json))]
    public void An_event_of_a_known_leg_allocates_nothing(string stream, string format)
    {
        const int Events = 100_000;
        PipelineRig rig = new(new ReportOptions { RegistrationEvents = true, CustomEvents = true, LogEvents = true, LogLevel = 7, CallFormat = Enum.Parse<CallFormat>(format) });
        rig.Feed(EslCapture.Read(stream));
        CountingOutput output = new();
        rig.Pipeline.Outputs = [output];

        // Legs and users stay known: none of these events creates or ends one.
        List<(byte[] Bytes, EventEncoding Encoding)> events =
            [.. RecordedEvents.All(EslCapture.Read(stream)).Where(recorded => Parser.TryParse(recorded.Bytes, recorded.Encoding, out FreeSwitchEvent e, out _)
                && e.Kind is not (EventKind.ChannelCreate or EventKind.ChannelDestroy or EventKind.Unregister or EventKind.RegisterExpire))];
        long allocated = 0;
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Events; i++)
            {
                (byte[] bytes, EventEncoding encoding) = events[i % events.Count];
                rig.Feed(bytes, encoding);
                if (i % 16 == 0)
                {
                    rig.Pipeline.EndBatch();
                }
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(allocated <= Events, $"{allocated / (double)Events:0.000} bytes an event");
        Assert.True(output.Packets > Events / 4, $"{output.Packets} packets");
    }

    [Fact]
    public void A_new_leg_allocates_at_most_a_kilobyte()
    {
        const int Legs = 10_000;
        PipelineRig rig = new();
        rig.Pipeline.Outputs = [new CountingOutput()];
        List<(byte[] Bytes, EventEncoding Encoding)> call = RecordedEvents.All(EslCapture.Read("esl-narrow.bin.gz"));
        byte[] create = call.First(recorded => Parser.TryParse(recorded.Bytes, recorded.Encoding, out FreeSwitchEvent e, out _)
            && e.Kind == EventKind.ChannelCreate && e.Has(KnownHeader.VariableSipCallId)).Bytes;
        int at = create.AsSpan().IndexOf("Unique-ID: "u8) + "Unique-ID: ".Length;
        long before = 0;
        for (int i = 0; i < Legs + 100; i++)
        {
            if (i == 100)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            System.Buffers.Text.Utf8Formatter.TryFormat(i, create.AsSpan(at), out _, new System.Buffers.StandardFormat('D', 8));
            rig.Feed(create, EventEncoding.Plain);
        }

        Assert.Equal(Legs + 100, rig.Pipeline.Counters.LegsSeen);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Legs, 1, 1_024);
    }

    private static EventParser Parser { get; } = new();
}
