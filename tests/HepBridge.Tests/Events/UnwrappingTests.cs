using System.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Events;

/// <summary>Events of other switches that mod_event_multicast re-fires as <c>multicast::event</c>.</summary>
public class UnwrappingTests
{
    [Fact]
    public void A_refired_event_equals_its_original_field_by_field()
    {
        Dictionary<(string?, string?), Parsed> originals = [];
        foreach ((byte[] bytes, EventEncoding encoding) in RecordedEvents.All(EslCapture.Read("esl-plain.bin.gz")))
        {
            Parsed original = Parsed.From(bytes, encoding);
            originals[(original["Core-UUID"], original["Event-Sequence"])] = original;
        }

        int compared = 0;
        foreach ((byte[] bytes, EventEncoding encoding) in RecordedEvents.All(EslCapture.Read("esl-multicast-refire.bin.gz")))
        {
            Assert.True(new EventParser().TryParse(bytes, encoding, out FreeSwitchEvent e, out _));
            Parsed again = Parsed.From(e);
            if (e.Wrapping == 0 || !originals.TryGetValue((again["Core-UUID"], again["Event-Sequence"]), out Parsed? original))
            {
                continue;
            }

            compared++;
            Assert.Equal(original.Kind, again.Kind);
            Assert.Equal(original.Name, again.Name);
            Assert.Equal(Fields(original), Fields(again));
        }

        Assert.True(compared > 300, $"{compared} compared");
    }

    [Fact]
    public void An_event_is_unwrapped_as_often_as_it_was_refired()
    {
        const string Twice = "Event-Name: CUSTOM\nEvent-Subclass: multicast%3A%3Aevent\nCore-UUID: hub\n"
            + "Orig-Event-Name: CUSTOM\nOrig-Event-Subclass: multicast%3A%3Aevent\nOrig-Core-UUID: middle\n"
            + "Orig-Orig-Event-Name: DTMF\nOrig-Orig-Core-UUID: first\n\n";
        Parsed parsed = Parsed.Plain(Twice);

        Assert.Equal(EventKind.Dtmf, parsed.Kind);
        Assert.Equal("first", parsed["Core-UUID"]);
        Assert.Equal(2, parsed.Headers.Count);
        Parsed json = Parsed.Json("""{"Event-Name":"CUSTOM","Event-Subclass":"multicast::event","Orig-Event-Name":"DTMF","Orig-Unique-ID":"_undef_"}""");
        Assert.Equal(EventKind.Dtmf, json.Kind);
        Assert.Equal("", json["Unique-ID"]);
    }

    [Fact]
    public void An_event_refired_too_often_is_rejected()
    {
        StringBuilder text = new();
        for (int i = 0; i <= EventParser.MaxWrapping + 1; i++)
        {
            string prefix = string.Concat(Enumerable.Repeat("Orig-", i));
            text.Append(prefix).Append("Event-Name: CUSTOM\n").Append(prefix).Append("Event-Subclass: multicast%3A%3Aevent\n");
        }

        Assert.Equal(EventRejection.WrappedTooOften, Parsed.Rejection(Encoding.UTF8.GetBytes(text.Append('\n').ToString()), EventEncoding.Plain));
    }

    [Fact]
    public void A_wrapped_event_without_a_name_is_rejected() =>
        Assert.Equal(
            EventRejection.NoEventName,
            Parsed.Rejection("Event-Name: CUSTOM\nEvent-Subclass: multicast%3A%3Aevent\nOrig-Unique-ID: 1\n\n"u8, EventEncoding.Plain));

    [Fact]
    public void The_hubs_own_notice_is_its_own_event()
    {
        Parsed parsed = Parsed.Plain("Event-Name: CUSTOM\nEvent-Subclass: multicast%3A%3Aevent\nMulticast: yes\n\n");

        Assert.Equal(EventKind.Custom, parsed.Kind);
        Assert.Equal("yes", parsed["Multicast"]);
    }

    [Fact]
    public void A_wrapped_event_keeps_its_body() =>
        Assert.Equal("text", Parsed.Plain(
            "Event-Name: CUSTOM\nEvent-Subclass: multicast%3A%3Aevent\nOrig-Event-Name: CUSTOM\nOrig-Event-Subclass: a%3A%3Ab\nOrig-Content-Length: 4\nContent-Length: 4\n\ntext").Body);

    // The hub adds headers in its own order.
    private static IEnumerable<(string, string)> Fields(Parsed parsed) =>
        parsed.Headers.Where(header => header.Name != "Multicast-Sender").Order();
}
