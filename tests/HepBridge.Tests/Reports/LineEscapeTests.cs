using System.Text;
using HepBridge.Collector.Payloads;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Tests.Collector;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Reports;

/// <summary>Values in a log line cannot imitate its structure, and are restored exactly.</summary>
public class LineEscapeTests
{
    private static readonly string[] _pieces =
    [
        ";", "; ", ";;", "=", "→", " → ", " ", "  ", "\\", "\\\\", "\\x41", "\\;", "\\=", "\\?", "?", "\n", "\r\n", "\t", "\u0001", "\u007f", "é", "€", "😀", "%zz", "%41", "\"", "'", "1000", "a",
        "callid=", "; callid=victim@x", " uuid=", "other=", " seq=", "time=", "digit=5", "billsec=9s", "phone-context=example.net", "rn=+1404", "x", "n",
    ];

    [Theory]
    [InlineData("1000;phone-context=example.net", "1000;phone-context=example.net")]
    [InlineData("+14045551212;npdi;rn=+14045550000", "+14045551212;npdi;rn=+14045550000")]
    [InlineData("1001; callid=victim@x uuid=u other=o", @"1001\; callid\=victim@x uuid\=u other\=o")]
    [InlineData("1001;callid=victim@x", @"1001;callid\=victim@x")]
    [InlineData("1001;", @"1001\;")]
    [InlineData("a → b", @"a \→ b")]
    [InlineData("?", @"\?")]
    [InlineData(@"DOMAIN\user", @"DOMAIN\user")]
    [InlineData(@"a\;b\", @"a\\;b\\")]
    [InlineData("two\nlines", @"two\x0Alines")]
    public void Numbers_stay_readable_and_only_imitations_of_the_line_are_escaped(string number, string written)
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x", ("Caller-Destination-Number", number));
        string payload = Assert.Single(rig.Packets).Payload;

        Assert.StartsWith($"CREATE 1000 → {written}; ", payload, StringComparison.Ordinal);
        Assert.Equal(("1000", number), Parties(payload));
    }

    [Fact]
    public void Any_values_survive_the_round_trip()
    {
        Random random = new(4);
        for (int run = 0; run < 4_000; run++)
        {
            (string from, string to, string cause, string protocol, string disposition) = (Text(random), Text(random), Text(random), Text(random), Text(random));
            (string callId, string uuid, string other) = ("c" + Id(random), "u" + Id(random), "o" + Id(random));
            PipelineRig rig = new();
            rig.Sip("CHANNEL_HANGUP_COMPLETE", uuid, ("variable_sip_call_id", callId), ("Caller-Caller-ID-Number", from), ("Caller-Destination-Number", to), ("Hangup-Cause", cause),
                ("variable_proto_specific_hangup_cause", protocol), ("variable_sip_hangup_disposition", disposition), ("Other-Leg-Unique-ID", other), ("Event-Sequence", "77"));
            string payload = rig.Packets[0].Payload;

            Assert.True(CallLogLine.TryParse(Encoding.UTF8.GetBytes(payload), out CallLogLine line), payload);
            string outcome = protocol.Length > 0 && disposition.Length > 0 ? $"{protocol} {disposition}" : protocol + disposition;
            Assert.Equal([.. ((string[])[cause, outcome]).Where(static text => text.Length > 0)], line.Details);
            Assert.Equal((from, to, uuid, other), (line.From, line.To, line.Uuid, line.Other));
            Assert.Equal(
                [("callid", callId), ("uuid", uuid), ("seq", "77"), ("time", line.Fields[3].Value), ("other", other)], line.Fields.Select(static field => (field.Key, field.Value)));
            Assert.Equal(callId, rig.Packets[0].CallId);

            // A simple search by other programs also finds the line's own Call-ID.
            Assert.Single(System.Text.RegularExpressions.Regex.Matches(payload, "(?<![A-Za-z0-9_-])callid="));
            Assert.Single(System.Text.RegularExpressions.Regex.Matches(payload, "(?<![A-Za-z0-9_-])other="));
            Assert.Equal(-1, payload.IndexOf('\n', StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("a%41b@192.0.2.10")]
    [InlineData("u{cX82048234578%bekJ\"ul<>:[]?/`'~!*()_.-+@h")]
    [InlineData(@"dom\ain\user@h")]
    [InlineData("a+b c@192.0.2.10")]
    public void Every_Call_ID_appears_unchanged_in_the_text(string callId)
    {
        PipelineRig rig = new PipelineRig().Inbound("a", callId);

        Assert.Contains($"; callid={callId} uuid=a ", Assert.Single(rig.Packets).Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_contains_a_lines_tail_joins_no_other_call()
    {
        PipelineRig rig = new PipelineRig().Feed(EslCases.Read("semicolons-in-numbers.bin"));
        CallStore store = new();
        Assert.All(rig.Output.Bytes, packet => Assert.True(store.Add(packet)));

        IReadOnlyList<CallRow> calls = ViewerPackets.Find(store).Calls;
        Assert.All(calls, static call => Assert.Single(call.Legs));
        Assert.Equal(rig.Packets.Select(static packet => packet.CallId).Distinct().Count(), calls.Count);
        Assert.Contains(calls, static call => (call.From, call.To) == ("+14045550100", "+14045551212;npdi;rn=+14045550000"));
        Assert.Contains(calls, static call => call.From == "1000;phone-context=example.net");
        Assert.Contains(calls, static call => call.To.StartsWith("1001; callid=victim@x uuid=", StringComparison.Ordinal) && call.Legs[0].CallId != "victim@x");
    }

    [Fact]
    public void A_registration_with_odd_names_survives_the_round_trip()
    {
        PipelineRig rig = new PipelineRig(PipelineRig.AllReports).Feed("CUSTOM", ("Event-Subclass", "sofia::register"), ("call-id", "r@x"), ("from-user", "10 00; callid=v on x"),
            ("from-host", "example.net"), ("contact", "<sip:1000@h;x=y>; callid=v"), ("user-agent", "A=1 node=n; b"));
        string payload = Assert.Single(rig.Packets).Payload;

        Assert.True(RegistrationLine.TryParse(Encoding.UTF8.GetBytes(payload), out RegistrationLine line));
        Assert.Equal("10 00; callid=v on x@example.net", line.User);
        LineText text = LineText.Parse(payload);
        Assert.Equal(("<sip:1000@h;x=y>; callid=v", "A=1 node=n; b", "r@x"), (text["contact"], text["agent"], text["callid"]));
    }

    [Fact]
    public void A_custom_events_values_survive_the_round_trip()
    {
        PipelineRig rig = new PipelineRig(PipelineRig.AllReports).Inbound("a", "a@x").Feed("CUSTOM", ("Event-Subclass", "callcenter::info"), ("Unique-ID", "a"), ("CC-Action", "x; y=z"),
            ("CC-Queue", "support; callid=v other=o"), ("CC-Note", "a=b c=d"));
        LineText text = LineText.Parse(rig.Packets[1].Payload);

        Assert.Equal(("support; callid=v other=o", "a=b c=d", "a@x"), (text["CC-Queue"], text["CC-Note"], text["callid"]));
        Assert.Equal(@"callcenter::info x\;\x20y=z", text.Head);
    }

    [Fact]
    public void A_line_of_the_switchs_log_stays_readable_with_its_fields_last()
    {
        const string Line = "2026-11-21 23:55:00.000000 99.00% [NOTICE] x.c:1 sent; got =~ /^\\d+$/ callid=victim@x; callid=v uuid=u";
        PipelineRig rig = new(PipelineRig.AllReports);
        rig.Inbound("a", "a@x");
        byte[] log = Encoding.UTF8.GetBytes($"Content-Type: log/data\nContent-Length: {Line.Length}\nLog-Level: 5\nUser-Data: a\n\n{Line}");
        rig.Feed(log, FreeSwitch.Events.EventEncoding.Log);
        string payload = rig.Packets[1].Payload;

        Assert.StartsWith("2026-11-21 23:55:00.000000 99.00% [NOTICE] x.c:1 sent; got =~ /^\\d+$/ callid\\=victim@x; callid\\=v uuid\\=u; callid=a@x uuid=a", payload, StringComparison.Ordinal);
        CallStore store = new();
        Assert.True(store.Add(rig.Output.Bytes[1]));
        Assert.Equal(Line, ViewerPackets.View(store).Detail(1)!.Packets[0].Title);
    }

    private static (string From, string To) Parties(string payload)
    {
        Assert.True(CallLogLine.TryParse(Encoding.UTF8.GetBytes(payload), out CallLogLine line));
        return (line.From, line.To);
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => _pieces[random.Next(_pieces.Length)]));

    // Identifiers contain no control characters: they are written as the switch sends them.
    private static string Id(Random random) => string.Concat(Text(random).Where(static c => !char.IsControl(c)).Select(static c => c == '%' ? '_' : c));
}
