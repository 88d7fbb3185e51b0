using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Tests.Events;

/// <summary>Ids and names over their limit make an event malformed, in any encoding.</summary>
public class EventLimitsTests
{
    public static TheoryData<string, int> Limits => new()
    {
        { "Event-Subclass", EventLimits.MaxName },
        { "Core-UUID", EventLimits.MaxId },
        { "FreeSWITCH-Hostname", EventLimits.MaxName },
        { "FreeSWITCH-Switchname", EventLimits.MaxName },
        { "Unique-ID", EventLimits.MaxId },
        { "Other-Leg-Unique-ID", EventLimits.MaxId },
        { "variable_originator", EventLimits.MaxId },
        { "variable_other_loopback_leg_uuid", EventLimits.MaxId },
        { "from-user", EventLimits.MaxName },
        { "from-host", EventLimits.MaxName },
        { "to-user", EventLimits.MaxName },
        { "to-host", EventLimits.MaxName },
        { "variable_sip_call_id", EventLimits.MaxCallId },
        { "variable_sip_invite_call_id", EventLimits.MaxCallId },
        { "call-id", EventLimits.MaxCallId },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_value_at_the_limit_is_accepted_and_one_byte_more_is_rejected(string header, int limit)
    {
        Assert.True(IsPlain(header, new string('a', limit)));
        Assert.False(IsPlain(header, new string('a', limit + 1)));
        Assert.True(IsJson(header, new string('a', limit)));
        Assert.False(IsJson(header, new string('a', limit + 1)));
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void The_decoded_length_counts(string header, int limit)
    {
        Assert.True(IsPlain(header, string.Concat(Enumerable.Repeat("%40", limit))));
        Assert.False(IsPlain(header, string.Concat(Enumerable.Repeat("%40", limit + 1))));
        Assert.True(IsJson(header, string.Concat(Enumerable.Repeat("\\u0040", limit))));
        Assert.False(IsJson(header, string.Concat(Enumerable.Repeat("\\u0040", limit + 1))));
    }

    [Fact]
    public void A_log_line_with_an_overlong_channel_id_is_rejected()
    {
        Assert.Equal(
            EventRejection.FieldTooLong,
            Parsed.Rejection(Encoding.UTF8.GetBytes($"Content-Length: 2\nUser-Data: {new string('a', 257)}\n\nhi"), EventEncoding.Log));
    }

    [Fact]
    public void An_overlong_event_name_is_rejected() =>
        Assert.Equal(EventRejection.FieldTooLong, Parsed.Rejection(Encoding.UTF8.GetBytes($"Event-Name: {new string('a', 257)}\n\n"), EventEncoding.Plain));

    [Theory]
    [InlineData(EventEncoding.Plain, "aaaaaaaa")]
    [InlineData(EventEncoding.Plain, "%40aaaaaaa")]
    [InlineData(EventEncoding.Json, "aaaaaaaa")]
    [InlineData(EventEncoding.Json, "\\u0040aaaaaaa")]
    public void Decode_truncates_to_the_scratch_buffer_for_any_encoding(EventEncoding encoding, string value)
    {
        string text = encoding == EventEncoding.Plain
            ? $"Event-Name: DTMF\nUnique-ID: {value}\n\n"
            : $$"""{"Event-Name":"DTMF","Unique-ID":"{{value}}"}""";
        Assert.True(new EventParser().TryParse(Encoding.UTF8.GetBytes(text), encoding, out FreeSwitchEvent e, out _));

        Assert.Equal(4, e.Get(KnownHeader.UniqueId).Decode(stackalloc byte[4]).Length);
        Assert.Equal("aaa"u8, e.Get(KnownHeader.UniqueId).Decode(stackalloc byte[4])[1..]);
        Assert.Equal("aaaaaaa"u8, e.Get(KnownHeader.UniqueId).Decode(stackalloc byte[8])[1..]);
    }

    private static bool IsPlain(string header, string value) =>
        Parses($"Event-Name: CUSTOM\n{header}: {value}\n\n", EventEncoding.Plain);

    private static bool IsJson(string header, string value) =>
        Parses($$"""{"Event-Name":"CUSTOM","{{header}}":"{{value}}"}""", EventEncoding.Json);

    private static bool Parses(string text, EventEncoding encoding)
    {
        bool parses = new EventParser().TryParse(Encoding.UTF8.GetBytes(text), encoding, out _, out EventRejection rejection);
        Assert.Equal(parses ? EventRejection.None : EventRejection.FieldTooLong, rejection);
        return parses;
    }
}
