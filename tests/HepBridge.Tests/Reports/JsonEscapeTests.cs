using System.Text;
using System.Text.Json;
using HepBridge.Reports;

namespace HepBridge.Tests.Reports;

public sealed class JsonEscapeTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("\"quoted\" and \\ and /")]
    [InlineData("line\nend\r\ttab")]
    [InlineData("\u0001\u001f\b\f")]
    [InlineData("Zürich → 電話 😀")]
    [InlineData("\"\"\"\"\"\"")]
    public void A_json_reader_gets_the_text_back(string text) => Assert.Equal(text, Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xff, (byte)'b' }, "aÿb")]
    [InlineData(new byte[] { 0xc3, (byte)'"' }, "Ã\"")]
    [InlineData(new byte[] { 0xe2, 0x82 }, "â\ufffd")]
    [InlineData(new byte[] { 0, (byte)'x' }, "\ufffdx")]
    public void Invalid_utf8_is_read_as_latin_1_and_nul_is_replaced(byte[] bytes, string expected) => Assert.Equal(expected, Read(bytes));

    [Fact]
    public void Text_that_does_not_fit_when_escaped_is_rejected()
    {
        byte[] buffer = "\"\""u8.ToArray();
        Assert.Equal(-1, JsonEscape.InPlace(buffer, 2));
        byte[] enough = [.. "\"\""u8, 0, 0];
        Assert.Equal(4, JsonEscape.InPlace(enough, 2));
    }

    [Fact]
    public void Any_bytes_become_the_content_of_a_json_string()
    {
        Random random = new(11);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            Assert.NotNull(Read(bytes));
        }
    }

    private static string? Read(byte[] bytes)
    {
        byte[] buffer = new byte[(bytes.Length * 6) + 1];
        bytes.CopyTo(buffer, 0);
        int length = JsonEscape.InPlace(buffer, bytes.Length);
        byte[] json = [(byte)'"', .. buffer[..length], (byte)'"'];
        return JsonSerializer.Deserialize<string>(json);
    }
}
