using System.Text;
using System.Text.Json;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Configuration;
using HepBridge.Hep;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Reports;

/// <summary>Call-IDs with percent signs: the same in the packet's chunk, in the log's text or JSON, and on the page.</summary>
public class PercentCallIdTests
{
    private static readonly string[] _plain =
    [
        "a%41b@192.0.2.10", "a%b@192.0.2.10", "u{cX82048234578%bekJulHgQiB0e@192.0.2.10", "%E9t%E9%40192.0.2.10", "x%00y%40192.0.2.10", "a%zz%4@192.0.2.10",
        "a+b c@192.0.2.10", "100%",
    ];

    private static readonly string[] _json =
    [
        "a%41b@192.0.2.10", "a%25b@192.0.2.10", "u{cX82048234578%bekJulHgQiB0e@192.0.2.10", "%E9t%E9@192.0.2.10", "x%00y@192.0.2.10", "a%zz%4@192.0.2.10",
        "a+b c@192.0.2.10", "100%",
    ];

    [Theory]
    [InlineData("percent-call-ids-plain.bin")]
    [InlineData("percent-call-ids-json.bin")]
    public void Chunk_text_and_page_show_the_same_Call_ID(string stream)
    {
        PipelineRig rig = new PipelineRig().Feed(EslCases.Read(stream));

        Assert.Equal(Expected(stream), rig.Packets.Select(static packet => packet.CallId).Distinct().Order(StringComparer.Ordinal));
        Assert.All(rig.Packets.Where(static packet => packet.Type == HepPayloadType.Log), static packet => Assert.Contains($"; callid={packet.CallId} uuid=", packet.Payload, StringComparison.Ordinal));
        Assert.Equal(Expected(stream), Page(rig));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Theory]
    [InlineData("percent-call-ids-plain.bin")]
    [InlineData("percent-call-ids-json.bin")]
    public void Json_has_that_Call_ID_in_every_header(string stream)
    {
        PipelineRig rig = new PipelineRig(new ReportOptions { CallFormat = CallFormat.Json }).Feed(EslCases.Read(stream));

        Assert.Equal(Expected(stream), rig.Packets.Select(static packet => packet.CallId).Distinct().Order(StringComparer.Ordinal));
        foreach (CollectedPacket packet in rig.Packets.Where(static packet => packet.Type == HepPayloadType.Log))
        {
            JsonElement json = packet.Json();
            Assert.Equal(packet.CallId, json.GetProperty("callid").GetString());
            Assert.Equal(packet.CallId, json.GetProperty("variable_sip_call_id").GetString());
        }
    }

    [Fact]
    public void A_bad_Call_ID_does_not_affect_good_ones()
    {
        PipelineRig rig = new PipelineRig().Feed(EslCases.Read("one-bad-call-id.bin"));

        string[] good = [.. Enumerable.Range(0, 7).Select(static number => $"good{number}@192.0.2.10")];
        Assert.Equal(["%E9t%E9%40192.0.2.10", .. good], rig.Packets.Select(static packet => packet.CallId).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Channels_with_odd_ids_are_distinguished_and_found_again()
    {
        PipelineRig rig = new();
        foreach (string id in (string[])["a%41", "aA", "a%E9", "a%00"])
        {
            Feed(rig, "CHANNEL_CREATE", id, $"variable_sip_call_id: {id}-call\n");
            Feed(rig, "CHANNEL_ANSWER", id, "");
        }

        Assert.Equal(["a%00-call", "a%41-call", "a%E9-call", "aA-call"], rig.Packets.Select(static packet => packet.CallId).Distinct().Order(StringComparer.Ordinal));
        Assert.All(rig.Packets, static packet => Assert.Contains($"uuid={packet.CallId[..^5]} ", packet.Payload, StringComparison.Ordinal));
        Assert.Equal(8, rig.Packets.Count);
    }

    private static void Feed(PipelineRig rig, string name, string id, string more) => rig.Feed(
        Encoding.ASCII.GetBytes($"Event-Name: {name}\nCore-UUID: 1\nUnique-ID: {id}\nChannel-Name: sofia/x\n{more}\n"), FreeSwitch.Events.EventEncoding.Plain);

    private static IEnumerable<string> Expected(string stream) => (stream.Contains("plain", StringComparison.Ordinal) ? _plain : _json).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Page(PipelineRig rig)
    {
        CallStore store = new();
        foreach (byte[] packet in rig.Output.Bytes)
        {
            Assert.True(store.Add(packet));
        }

        return new CallQuery().Run(store).Calls.SelectMany(static call => call.Legs).Select(static leg => leg.CallId).Order(StringComparer.Ordinal);
    }
}
