using System.Text;
using HepBridge.Configuration;
using HepBridge.Inputs.Amqp;
using HepBridge.Outputs;
using HepBridge.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client.Events;

namespace HepBridge.Tests.Inputs.Amqp;

/// <summary>After a reconnect, the broker delivers again what was not acknowledged.</summary>
public sealed class RedeliveryTests : IDisposable
{
    private readonly PipelineRig _rig = new();
    private readonly OutputWatch _watch = new();
    private readonly CountingHandler _handler = new();
    private readonly AmqpInput _input;
    private readonly DeliveryIntake _intake;

    public RedeliveryTests()
    {
        _rig.Pipeline.FilterDuplicates = true;
        _input = new AmqpInput(new AmqpInputConfiguration { Reports = new ReportOptions() }, _rig.Pipeline, _rig.Time, NullLogger<AmqpInput>.Instance);
        _intake = _input.Intake;
    }

    public void Dispose() => _input.Dispose();

    [Fact]
    public void A_held_event_that_comes_again_is_acknowledged_only_when_it_has_left_the_hold_queue()
    {
        QueueConsumer before = Consumer();
        Deliver(before, 5, redelivered: false, Rtcp(7));
        Assert.Equal("", Acknowledged(before));

        QueueConsumer after = Consumer();
        Deliver(after, 1, redelivered: true, Rtcp(7));
        Assert.Equal(1, _rig.Pipeline.Counters.Duplicate);
        Assert.Equal("", Acknowledged(after));
        Assert.Equal(0, _handler.Settled);

        _rig.Advance(121);
        Assert.Equal(1, _handler.Settled);
        Assert.Equal("1", Acknowledged(after));
        Assert.Equal("", Acknowledged(before));
    }

    [Fact]
    public void A_held_event_that_a_hub_fired_again_is_recognized_whichever_switch_sent_the_event_before()
    {
        Deliver(Consumer(), 5, redelivered: false, Refired(7));
        QueueConsumer after = Consumer();
        Deliver(after, 1, redelivered: false, Create(6));
        Deliver(after, 2, redelivered: true, Refired(7));
        Assert.Equal(1, _rig.Pipeline.Counters.Duplicate);
        Assert.Equal("1", Acknowledged(after));
        _rig.Advance(121);
        Assert.Equal("2", Acknowledged(after));
    }

    [Fact]
    public void An_event_that_was_held_before_a_reconnect_settles_no_delivery_with_the_same_tag()
    {
        Deliver(Consumer(), 1, redelivered: false, Rtcp(7));
        _rig.Advance(100);
        QueueConsumer after = Consumer();
        Deliver(after, 1, redelivered: false, Rtcp(8, channel: 2));
        _rig.Advance(21);
        Assert.Equal(1, _handler.Settled);
        Assert.Equal("", Acknowledged(after));
    }

    [Fact]
    public void A_reported_event_that_comes_again_is_acknowledged_at_once()
    {
        Deliver(Consumer(), 1, redelivered: false, Create(6));
        QueueConsumer after = Consumer();
        Deliver(after, 1, redelivered: true, Create(6));
        Assert.Equal(1, _rig.Pipeline.Counters.Duplicate);
        Assert.Equal("1", Acknowledged(after));
        Assert.Equal(1, _intake.Redelivered);
    }

    [Fact]
    public void A_held_event_of_a_queue_that_was_given_up_is_never_acknowledged_here()
    {
        QueueConsumer consumer = Consumer();
        Deliver(consumer, 1, redelivered: false, Rtcp(7));
        consumer.GiveUp();
        _rig.Advance(121);
        Assert.Equal("", Acknowledged(consumer));
    }

    private static byte[] Rtcp(int sequence, int channel = 1) => Event("RECV_RTCP_MESSAGE", sequence, channel, "\"SSRC\":\"1\",\"Source0-SSRC\":\"2\"");

    private static byte[] Create(int sequence) => Event("CHANNEL_CREATE", sequence, 1, "\"variable_sip_call_id\":\"a@b\"");

    private static byte[] Event(string name, int sequence, int channel, string more) => Encoding.ASCII.GetBytes(
        $$"""{"Event-Name":"{{name}}","Core-UUID":"178218bc-08aa-4538-a763-a2abafa62897","FreeSWITCH-Hostname":"fs","Event-Sequence":"{{sequence}}","Event-Date-Timestamp":"1700000000000000","Unique-ID":"3b0e6a5e-4a0b-4a44-8a4c-00000000000{{channel}}",{{more}}}""");

    private static byte[] Refired(int sequence) => Encoding.ASCII.GetBytes(
        $$"""
        {"Event-Name":"CUSTOM","Event-Subclass":"multicast::event","Core-UUID":"a hub","Event-Sequence":"99","Orig-Event-Name":"RECV_RTCP_MESSAGE","Orig-Core-UUID":"another switch",
        "Orig-Event-Sequence":"{{sequence}}","Orig-Unique-ID":"3b0e6a5e-4a0b-4a44-8a4c-000000000009","Orig-SSRC":"1","Orig-Source0-SSRC":"2"}
        """);

    private QueueConsumer Consumer() => new("hepbridge", null!, 100, _handler, _rig.Time);

    private void Deliver(QueueConsumer consumer, ulong tag, bool redelivered, byte[] body) => _intake.Process(consumer, tag, redelivered, "FreeSWITCH.fs", body);

    private string Acknowledged(QueueConsumer consumer)
    {
        lock (_rig.Pipeline.Gate)
        {
            _rig.Pipeline.EndBatch();
            consumer.Ledger.EndBatch(_watch);
            List<ulong> single = [];
            consumer.Ledger.Take(_watch, single, out ulong upTo);
            return string.Join(' ', upTo == 0 ? single : [upTo, .. single]);
        }
    }

    private sealed class CountingHandler : IDeliveryHandler
    {
        public int Settled { get; private set; }

        public bool IsCongested => false;

        public void OnDelivery(QueueConsumer consumer, ulong tag, bool redelivered, string routingKey, ReadOnlySpan<byte> body) => throw new NotSupportedException();

        public void OnSettled() => Settled++;

        public void OnEnded(QueueConsumer consumer, ShutdownEventArgs? reason) => throw new NotSupportedException();
    }
}
