using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using HepBridge.Reports;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Multicast;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Inputs;

/// <summary>The same calls captured over several inputs at once: each input gives the same packets, and all together give them once.</summary>
public sealed class SameCallsTests
{
    private static readonly List<CapturedEvent> _eventSocket = CapturedEvents.OfEventSocket(EslCapture.Read("esl-plain.bin.gz"));
    private static readonly List<CapturedEvent> _multicast = CapturedEvents.OfDatagrams(MulticastCaptures.Datagrams("plain"));
    private static readonly List<CapturedEvent> _refired = CapturedEvents.OfEventSocket(MulticastCaptures.Unpack("plain.refire.bin.gz")).In(_multicast);

    [Theory]
    [InlineData("plain", null)]
    [InlineData("all", "all.esl.bin.gz")]
    [InlineData("ipv6", "ipv6.esl.bin.gz")]
    public async Task Multicast_gives_the_packets_of_the_event_socket(string multicast, string? eventSocket)
    {
        List<byte[]> datagrams = MulticastCaptures.Datagrams(multicast);
        List<CapturedEvent> ofMulticast = CapturedEvents.OfDatagrams(datagrams);
        List<CapturedEvent> ofEventSocket = eventSocket is null ? _eventSocket : CapturedEvents.OfEventSocket(MulticastCaptures.Unpack(eventSocket));
        HashSet<(string, string)> both = [.. ofMulticast.In(ofEventSocket).Select(found => found.Key)];
        Assert.NotEmpty(both);

        PipelineRig rig = new();
        await using (LoopbackMulticast input = new(rig, address: multicast == "ipv6" ? "::1" : "127.0.0.1"))
        {
            await input.SendAsync(datagrams.Where((_, i) => both.Contains(ofMulticast[i].Key)));
        }

        AssertSame(Feed(new PipelineRig(), ofEventSocket.In(ofMulticast)), rig);
    }

    [Fact]
    public async Task Encrypted_multicast_gives_the_packets_of_the_event_socket()
    {
        // The captured datagrams as received, and the whole session encrypted again, since cipher text does not compress.
        List<byte[]> captured = MulticastCaptures.Datagrams("psk");
        List<CapturedEvent> ofCaptured = CapturedEvents.OfDatagrams(MulticastCaptures.Datagrams("psk.decrypted"));
        List<CapturedEvent> whole = CapturedEvents.OfDatagrams(MulticastCaptures.Datagrams("psk.whole.decrypted"));
        List<CapturedEvent> ofEventSocket = CapturedEvents.OfEventSocket(MulticastCaptures.Unpack("psk.esl.bin.gz"));

        PipelineRig some = new();
        PipelineRig all = new();
        await using (LoopbackMulticast input = new(some, MulticastCaptures.Psk))
        {
            await input.SendAsync(captured.Where((_, i) => ofEventSocket.Exists(found => found.Key == ofCaptured[i].Key)));
        }

        await using (LoopbackMulticast input = new(all, MulticastCaptures.Psk))
        {
            await input.SendAsync(whole.In(ofEventSocket).Select(Encrypt));
        }

        AssertSame(Feed(new PipelineRig(), ofEventSocket.In(ofCaptured)), some);
        AssertSame(Feed(new PipelineRig(), ofEventSocket.In(whole)), all);
    }

    [Fact]
    public void A_refiring_hub_gives_the_packets_of_the_event_socket_with_the_original_switch()
    {
        Assert.Equal(_multicast.Count, _refired.Count);
        PipelineRig expected = Feed(new PipelineRig(), _eventSocket.In(_multicast));
        PipelineRig rig = Feed(new PipelineRig(), _refired);
        AssertSame(expected, rig);

        List<CollectedPacket> registrations = [.. rig.Packets.Where(packet => packet.State() == "REGISTER")];
        Assert.NotEmpty(registrations);
        Assert.All(registrations, packet => Assert.Equal(("fs-alpha", "10.99.0.1"), (packet.Field("node"), packet.Source)));
    }

    [Fact]
    public void A_hubs_own_events_do_not_mix_with_other_switches_calls()
    {
        PipelineRig rig = new PipelineRig().Feed(MulticastCaptures.Unpack("plain.refire.bin.gz"));
        AssertSame(Feed(new PipelineRig(), _refired), rig);
        Assert.Equal(["fs-alpha", "fs-bravo"], rig.Pipeline.Switches.Select(found => found.Name).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_events_over_several_inputs_are_reported_once(int seed)
    {
        List<CapturedEvent>[] ways = [_eventSocket.In(_multicast), _multicast, _refired];
        PipelineRig once = Feed(new PipelineRig(), ways[0]);
        PipelineRig rig = new() { Pipeline = { FilterDuplicates = true } };
        foreach (CapturedEvent next in Interleave(ways, new Random(seed)))
        {
            Feed(rig, [next]);
        }

        AssertSame(once, rig);
        Assert.Equal(2 * _multicast.Count, rig.Pipeline.Counters.Duplicate);
        Assert.Equal(once.Pipeline.Counters.Reported, rig.Pipeline.Counters.Reported);
        Assert.Equal(once.Pipeline.Counters.LegsSeen, rig.Pipeline.Counters.LegsSeen);
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void A_lagging_input_revives_no_ended_leg_or_registration()
    {
        List<CapturedEvent> events = _eventSocket.In(_multicast);
        PipelineRig rig = new() { Pipeline = { FilterDuplicates = true } };
        Feed(rig, events).Advance(1);
        Feed(rig, _multicast).Advance(60);
        PipelineRig once = Feed(new PipelineRig(), events).Advance(1).Advance(60);
        (long legs, int users) = (once.Pipeline.Counters.Legs, once.Pipeline.Registrations.Count);
        Feed(rig, _refired).Advance(60);

        AssertSame(once, rig);
        Assert.Equal(legs, rig.Pipeline.Counters.Legs);
        Assert.Equal(users, rig.Pipeline.Registrations.Count);
        Assert.Equal(once.Pipeline.Counters.LegsSeen, rig.Pipeline.Counters.LegsSeen);
    }

    [Fact]
    public void Legs_are_learned_from_either_input()
    {
        // One input delivers the Call-IDs and addresses, the other one the rest.
        List<CapturedEvent> events = _eventSocket.In(_multicast);
        bool[] isReport = [.. events.Select(found => System.Text.Encoding.ASCII.GetString(found.Bytes).Contains("RTCP_MESSAGE", StringComparison.Ordinal))];
        Assert.Contains(true, isReport);
        PipelineRig rig = new() { Pipeline = { FilterDuplicates = true } };
        InputBinding other = new("other", new ReportPlan(PipelineRig.AllReports));
        EventParser parser = new();
        for (int i = 0; i < events.Count; i++)
        {
            Feed(rig, parser, events[i], isReport[i] ? rig.Input : other);
        }

        AssertSame(Feed(new PipelineRig(), events), rig);
        Assert.Equal(0, rig.Pipeline.Counters.Duplicate);
        Assert.Equal(isReport.Count(report => report), rig.Input.Received);
    }

    [Fact]
    public void An_event_unused_by_one_inputs_reports_is_reported_for_the_other()
    {
        List<CapturedEvent> events = _eventSocket.In(_multicast);
        InputBinding nothing = new("nothing", new ReportPlan(new ReportOptions { CallEvents = false, RtcpEvents = false, QosEvents = false }));
        PipelineRig rig = new() { Pipeline = { FilterDuplicates = true } };
        EventParser parser = new();
        foreach (CapturedEvent next in events)
        {
            Feed(rig, parser, next, nothing);
            Feed(rig, parser, next, rig.Input);
            Feed(rig, parser, next, rig.Input);
        }

        AssertSame(Feed(new PipelineRig(), events), rig);
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    private static PipelineRig Feed(PipelineRig rig, IEnumerable<CapturedEvent> events)
    {
        EventParser parser = new();
        foreach (CapturedEvent next in events)
        {
            Feed(rig, parser, next, rig.Input);
        }

        return rig;
    }

    private static void Feed(PipelineRig rig, EventParser parser, CapturedEvent next, InputBinding binding)
    {
        lock (rig.Pipeline.Gate)
        {
            Assert.True(parser.TryParse(next.Bytes, EventEncoding.Plain, out FreeSwitchEvent e, out _));
            rig.Pipeline.Process(e, binding);
            rig.Pipeline.EndBatch();
        }
    }

    // Each input keeps its own order; which one is ahead changes constantly.
    private static IEnumerable<CapturedEvent> Interleave(List<CapturedEvent>[] ways, Random random)
    {
        int[] next = new int[ways.Length];
        while (ways.Zip(next).Any(way => way.Second < way.First.Count))
        {
            int way = random.Next(ways.Length);
            for (int run = random.Next(1, 6); run > 0 && next[way] < ways[way].Count; run--)
            {
                yield return ways[way][next[way]++];
            }
        }
    }

    private static byte[] Encrypt(CapturedEvent found)
    {
        byte[] datagram = new byte[MulticastDatagram.MaxLength];
        Assert.True(new MulticastDatagramWriter("", new PskCipher("hep-bridge-psk"u8)).TryWrite(found.Bytes, Guid.NewGuid(), datagram, out int length));
        return datagram[..length];
    }

    private static void AssertSame(PipelineRig expected, PipelineRig rig)
    {
        Assert.NotEmpty(expected.Packets);
        Assert.Equal(expected.Packets.Select(packet => packet.ToString()).Order(StringComparer.Ordinal), rig.Packets.Select(packet => packet.ToString()).Order(StringComparer.Ordinal));
    }
}
