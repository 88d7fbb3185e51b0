using HepBridge.FreeSwitch.Events;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Events;

/// <summary>Snapshots of held events.</summary>
public class EventSnapshotTests
{
    [Theory]
    [InlineData("esl-plain.bin.gz")]
    [InlineData("esl-json.bin.gz")]
    [InlineData("esl-log.bin.gz")]
    [InlineData("esl-multicast-refire.bin.gz")]
    public void A_restored_event_equals_the_original(string stream)
    {
        EventParser parser = new();
        EventParser again = new();
        foreach ((byte[] bytes, EventEncoding encoding) in RecordedEvents.All(EslCapture.Read(stream)))
        {
            Assert.True(parser.TryParse(bytes, encoding, out FreeSwitchEvent e, out _));
            byte[] snapshot = new byte[EventSnapshot.Measure(e)];
            EventSnapshot.Write(e, snapshot);
            FreeSwitchEvent kept = EventSnapshot.Read(snapshot, again);

            Assert.Equal(e.Kind, kept.Kind);
            Assert.Equal(e.Name, kept.Name);
            Assert.Equal(e.Encoding, kept.Encoding);
            Assert.Equal(e.Body.IsPresent, kept.Body.IsPresent);
            Assert.Equal(Parsed.Text(e.Body), Parsed.Text(kept.Body));
            for (int i = 1; i < KnownHeaders.Count; i++)
            {
                KnownHeader header = (KnownHeader)i;
                if (header is not (KnownHeader.VariableSwitchRSdp or KnownHeader.VariableRtpLocalSdpStr))
                {
                    Assert.Equal(e.Has(header), kept.Has(header));
                    Assert.Equal(e.Get(header).Raw, kept.Get(header).Raw);
                    Assert.Equal(Parsed.Text(e.Get(header)), Parsed.Text(kept.Get(header)));
                }
            }

            if (e.Kind is EventKind.Custom or EventKind.Other)
            {
                Assert.Equal(Parsed.From(e).Headers, Parsed.From(kept).Headers);
            }
        }
    }

    [Fact]
    public void Rtcp_with_several_blocks_keeps_them_all()
    {
        ReadOnlySpan<byte> bytes = "Event-Name: RECV_RTCP_MESSAGE\nSource0-SSRC: 1\nSource1-SSRC: 2\nSource1-Lost: 7\nSource2-SSRC: 3\n\n"u8;
        Assert.True(new EventParser().TryParse(bytes, EventEncoding.Plain, out FreeSwitchEvent e, out _));
        byte[] snapshot = new byte[EventSnapshot.Measure(e)];
        EventSnapshot.Write(e, snapshot);
        FreeSwitchEvent kept = EventSnapshot.Read(snapshot, new EventParser());

        Assert.Equal("7", Parsed.Text(kept.Find("Source1-Lost"u8)));
        Assert.Equal("3", Parsed.Text(kept.Find("Source2-SSRC"u8)));
    }
}
