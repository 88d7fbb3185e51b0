using System.Text;
using System.Text.Json;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Masking;
using HepBridge.Reports;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Reports;

/// <summary>Headers with several values: FreeSWITCH writes ARRAY::a|:b.</summary>
public sealed class ArrayTextTests
{
    [Theory]
    [InlineData("ARRAY::a|:b c|:d", "a, b c, d")]
    [InlineData("ARRAY::one", "one")]
    [InlineData("ARRAY::", "")]
    [InlineData("ARRAY::|:", ", ")]
    [InlineData("ARRAY::a|b:c", "a|b:c")]
    [InlineData("no ARRAY::a|:b", "no ARRAY::a|:b")]
    public void A_line_shows_the_values_one_after_another(string value, string shown)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Assert.Equal(shown, Encoding.UTF8.GetString(bytes.AsSpan(0, ArrayText.Flatten(bytes))));
    }

    [Theory]
    [InlineData("ARRAY::a|:b c|:d")]
    [InlineData("ARRAY::one")]
    [InlineData("ARRAY::")]
    [InlineData("ARRAY::|:|:")]
    [InlineData("ARRAY::1|:2|:3|:4|:5|:6|:7|:8|:9|:10|:11|:12")]
    [InlineData("ARRAY::say \"x\"|:back\\slash|:René")]
    public void Json_contains_an_array_or_reports_that_it_does_not_fit(string value)
    {
        string[] expected = value["ARRAY::".Length..].Split("|:");
        for (int size = 1; size < 200; size++)
        {
            PayloadWriter writer = new(new byte[size], int.MaxValue, ValueMask.Default);
            writer.Raw((byte)'{');
            writer.JsonMember("x"u8, new HeaderValue(Encoding.UTF8.GetBytes(value), ValueEncoding.Literal));
            writer.Raw((byte)'}');
            if (!writer.Overflowed)
            {
                break;
            }

            Assert.True(size < 199);
        }

        byte[] buffer = new byte[200];
        PayloadWriter whole = new(buffer, int.MaxValue, ValueMask.Default);
        whole.Raw((byte)'{');
        whole.JsonMember("x"u8, new HeaderValue(Encoding.UTF8.GetBytes(value), ValueEncoding.Literal));
        whole.JsonMember("y"u8, 1);
        whole.Raw((byte)'}');
        using JsonDocument json = JsonDocument.Parse(buffer.AsMemory(0, whole.Length));
        Assert.Equal(expected, json.RootElement.GetProperty("x").EnumerateArray().Select(entry => entry.GetString()));
        Assert.Equal(1, json.RootElement.GetProperty("y").GetInt32());
    }

    [Theory]
    [InlineData(nameof(CallFormat.Text))]
    [InlineData(nameof(CallFormat.Json))]
    public void No_report_shows_the_switchs_own_notation(string format)
    {
        PipelineRig rig = new PipelineRig(new ReportOptions { CustomEvents = true, CustomSubclasses = ["my::event"], CallFormat = Enum.Parse<CallFormat>(format) })
            .Inbound("a", "a@x").Feed("CUSTOM", ("Event-Subclass", "my::event"), ("Unique-ID", "a"), ("X-Via", "ARRAY::first|:second"));

        string payload = rig.Packets[^1].Payload;
        Assert.DoesNotContain("ARRAY", payload, StringComparison.Ordinal);
        Assert.Contains(format == nameof(CallFormat.Text) ? "X-Via=first, second" : "\"X-Via\":[\"first\",\"second\"]", payload, StringComparison.Ordinal);
    }
}
