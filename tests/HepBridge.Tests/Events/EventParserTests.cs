using System.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Events;

/// <summary>Events in both event socket formats, and log lines.</summary>
public class EventParserTests
{
    [Theory]
    [InlineData("Event-Name: DTMF\nHangup-Cause: FIRST\nhangup-cause: SECOND\n\n", EventEncoding.Plain)]
    [InlineData("""{"Event-Name":"DTMF","Hangup-Cause":"FIRST","hangup-cause":"SECOND"}""", EventEncoding.Json)]
    public void The_first_of_duplicate_headers_wins(string text, EventEncoding encoding)
    {
        Assert.True(new EventParser().TryParse(Encoding.UTF8.GetBytes(text), encoding, out FreeSwitchEvent e, out _));

        Assert.Equal("FIRST", Parsed.Text(e.Get(KnownHeader.HangupCause)));
        Assert.Equal("FIRST", Parsed.Text(e.Find("HANGUP-CAUSE"u8)));
        Assert.Equal(2, Parsed.From(e).Headers.Count(header => header.Name.Equals("Hangup-Cause", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void A_header_without_a_slot_is_found_by_a_scan_in_any_case()
    {
        ReadOnlySpan<byte> bytes = "Event-Name: CUSTOM\nVariable_X-My: one\nvariable_x-my: two\n\n"u8;
        Assert.True(new EventParser().TryParse(bytes, EventEncoding.Plain, out FreeSwitchEvent e, out _));

        Assert.Equal("one", Parsed.Text(e.Find("variable_x-my"u8)));
        Assert.False(e.Find("variable_x"u8).IsPresent);
        Assert.False(e.Find(""u8).IsPresent);
    }

    [Fact]
    public void An_empty_value_is_present_and_empty()
    {
        Assert.True(new EventParser().TryParse("Event-Name: DTMF\nUnique-ID: _undef_\nX-Other: _undef_\n\n"u8, EventEncoding.Plain, out FreeSwitchEvent e, out _));

        Assert.True(e.Has(KnownHeader.UniqueId));
        Assert.True(e.Get(KnownHeader.UniqueId).IsEmpty);
        Assert.True(e.Find("X-Other"u8) is { IsPresent: true, IsEmpty: true });
        Assert.False(e.Get(KnownHeader.ChannelName).IsPresent);
    }

    [Theory]
    [InlineData("a%20b", "a b")]
    [InlineData("a+b", "a+b")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("a%2bb", "a%2bb")]
    [InlineData("%C3%A9", "é")]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%4g%41", "%4g%41")]
    [InlineData("%%41", "%%41")]
    [InlineData("%%40", "%@")]
    [InlineData("sip%3A1@[::1]:5060", "sip:1@[::1]:5060")]
    public void Url_encoding_is_decoded_as_by_the_switch(string written, string value) =>
        Assert.Equal(value, Parsed.Plain($"Event-Name: DTMF\nX-Value: {written}\n\n")["X-Value"]);

    [Theory]
    [InlineData("""a\"b\\c\/d\n\r\t\b\f""", "a\"b\\c/d\n\r\t\b\f")]
    [InlineData("""\u00e9\u20AC""", "é€")]
    [InlineData("""\ud83d\ude00""", "😀")]
    [InlineData("""\ud83dx""", "\ufffdx")]
    [InlineData("""\ude00\ud83d""", "\ufffd\ufffd")]
    [InlineData("""\ud83d\u0041""", "\ufffdA")]
    [InlineData("""\u12""", """\u12""")]
    [InlineData("""\x41""", """\x41""")]
    [InlineData("%41", "%41")]
    public void Json_escapes_are_decoded(string written, string value) =>
        Assert.Equal(value, Parsed.Json($$"""{"Event-Name":"DTMF","X-Value":"{{written}}"}""")["X-Value"]);

    [Theory]
    [InlineData("ARRAY%3A%3Aa%7C%3Ab%20c", """["a","b c"]""", "ARRAY::a|:b c")]
    [InlineData("ARRAY%3A%3Aone", """[ "one" ]""", "ARRAY::one")]
    [InlineData("ARRAY%3A%3A1%7C%3A2%7C%3A3%7C%3A4%7C%3A5%7C%3A6%7C%3A7%7C%3A8%7C%3A9%7C%3A10%7C%3A11", "[1,2,3,4,5,6,7,8,9,10,11]", "ARRAY::1|:2|:3|:4|:5|:6|:7|:8|:9|:10|:11")]
    public void An_array_is_the_same_in_both_formats(string plain, string json, string value)
    {
        Assert.Equal(value, Parsed.Plain($"Event-Name: DTMF\nX-Value: {plain}\n\n")["X-Value"]);
        Assert.Equal(value, Parsed.Json($$"""{"Event-Name":"DTMF","X-Value":{{json}}}""")["X-Value"]);
        Assert.Equal(value, Parsed.Json($$"""{"X-Value" : {{json}} ,"Event-Name":"DTMF"}""")["X-Value"]);

        Assert.True(new EventParser().TryParse(
            Encoding.UTF8.GetBytes($$"""{"Event-Name":"DTMF","User-Data":{{json}}}"""), EventEncoding.Json, out FreeSwitchEvent e, out _));
        Assert.True(e.Get(KnownHeader.UserData).Is(Encoding.UTF8.GetBytes(value)));
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("null", "null")]
    [InlineData("-1.5", "-1.5")]
    public void A_json_value_without_quotes_may_be_last(string written, string value)
    {
        Assert.Equal(value, Parsed.Json($$"""{"Event-Name":"DTMF","X-Value":{{written}}}""")["X-Value"]);
        Assert.Equal(value, Parsed.Json($$"""{"Event-Name":"DTMF","DTMF-Duration":{{written}}}""")["DTMF-Duration"]);
    }

    [Fact]
    public void A_body_keeps_its_blank_lines()
    {
        Parsed job = Parsed.Plain("Event-Name: BACKGROUND_JOB\nJob-UUID: 1\nContent-Length: 12\n\na: 1\n\nb: 2\n\n");

        Assert.Equal("a: 1\n\nb: 2\n\n", job.Body);
        Assert.Null(job["a"]);
        Assert.Equal("a\n\nb", Parsed.Json("""{"Event-Name":"BACKGROUND_JOB","_body":"a\n\nb"}""").Body);
    }

    [Fact]
    public void The_switchs_content_length_wins_over_the_senders()
    {
        Parsed sent = Parsed.Plain("Event-Name: CUSTOM\nEvent-Subclass: a%3A%3Ab\ncontent-length: 3\nX-After: 1\nContent-Length: 11\n\nhello\nworld");

        Assert.Equal("hello\nworld", sent.Body);
        Assert.Equal("3", sent["Content-Length"]);
    }

    [Theory]
    [InlineData("Content-Length: 99\n\nshort", "short")]
    [InlineData("Content-Length: 3\n\nlonger", "lon")]
    [InlineData("Content-Length: x\n\nbody", null)]
    [InlineData("Content-Length: 0\n\n", null)]
    [InlineData("\nbody", null)]
    public void A_wrong_length_does_not_cost_the_event(string end, string? body) =>
        Assert.Equal(body, Parsed.Plain("Event-Name: BACKGROUND_JOB\n" + end).Body);

    [Fact]
    public void The_event_name_may_be_anywhere()
    {
        Parsed custom = Parsed.Plain("Event-Subclass: sofia%3A%3Aregister\nEvent-Name: CUSTOM\n\n");

        Assert.Equal(EventKind.Register, custom.Kind);
        Assert.Equal(EventKind.Custom, Parsed.Json("""{"Event-Subclass":"a::b","Event-Name":"CUSTOM"}""").Kind);
        Assert.Equal(EventKind.Other, Parsed.Plain("Event-Name: MY_OWN\n\n").Kind);
    }

    [Fact]
    public void A_log_line_has_its_frames_headers_and_its_text()
    {
        Parsed log = Parsed.From("Content-Type: log/data\nContent-Length: 9\nLog-Level: 5\nText-Channel: 0\nUser-Data: a-b\n\nline%20:\n"u8, EventEncoding.Log);

        Assert.Equal(EventKind.Log, log.Kind);
        Assert.Equal("LOG", log.Name);
        Assert.Equal("a-b", log["User-Data"]);
        Assert.Equal("line%20:\n", log.Body);
    }

    [Fact]
    public void Anything_but_an_event_is_rejected_with_a_reason()
    {
        Assert.Equal(EventRejection.Empty, Parsed.Rejection([], EventEncoding.Plain));
        Assert.Equal(EventRejection.Unterminated, Parsed.Rejection("Event-Name: DTMF\n"u8, EventEncoding.Plain));
        Assert.Equal(EventRejection.NoEventName, Parsed.Rejection("Unique-ID: 1\n\n"u8, EventEncoding.Plain));
        Assert.Equal(EventRejection.NoEventName, Parsed.Rejection("Event-Name: \n\n"u8, EventEncoding.Plain));
        Assert.Equal(EventRejection.NoEventName, Parsed.Rejection("\n"u8, EventEncoding.Plain));
        Assert.Equal(EventRejection.NoEventName, Parsed.Rejection("{}"u8, EventEncoding.Json));
        Assert.Equal(EventRejection.BadJson, Parsed.Rejection("""{"Event-Name":"DTMF" """u8, EventEncoding.Json));
        Assert.Equal(EventRejection.BadJson, Parsed.Rejection("""["Event-Name"]"""u8, EventEncoding.Json));
        Assert.Equal(EventRejection.BadJson, Parsed.Rejection(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 1000) + "}"), EventEncoding.Json));
    }

    [Theory]
    [InlineData("esl-plain.bin.gz", 1297)]
    [InlineData("esl-json.bin.gz", 0)]
    [InlineData("esl-narrow.bin.gz", 0)]
    [InlineData("esl-log.bin.gz", 0)]
    [InlineData("esl-multicast-refire.bin.gz", 0)]
    public void Every_recorded_event_is_parsed(string stream, int atLeast)
    {
        List<(byte[] Bytes, EventEncoding Encoding)> events = RecordedEvents.All(EslCapture.Read(stream));

        Assert.True(events.Count >= Math.Max(atLeast, 1));
        foreach ((byte[] bytes, EventEncoding encoding) in events)
        {
            Parsed parsed = Parsed.From(bytes, encoding);
            Assert.NotEmpty(parsed.Headers);
            Assert.Equal(parsed.Kind == EventKind.BackgroundJob || parsed.Kind == EventKind.Log, parsed.Body is not null);
        }
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        List<(byte[] Bytes, EventEncoding Encoding)> events =
            [.. RecordedEvents.All(EslCapture.Read("esl-plain.bin.gz")), .. RecordedEvents.All(EslCapture.Read("esl-json.bin.gz")), .. RecordedEvents.All(EslCapture.Read("esl-multicast-refire.bin.gz"))];
        EventParser parser = new();

        // The first round learns the order of headers; in a later one, the JIT may allocate while it recompiles hot methods.
        long least = long.MaxValue;
        for (int round = 0; round < 5 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach ((byte[] bytes, EventEncoding encoding) in events)
            {
                parser.TryParse(bytes, encoding, out FreeSwitchEvent e, out _);
                _ = e.Find("variable_not_there"u8).IsPresent;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
