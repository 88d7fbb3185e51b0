using System.Text;
using System.Text.Unicode;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Tests.Events;

/// <summary>Identifiers: decoded the way the switch encodes them, and never bytes that a collector cannot store.</summary>
public class IdTests
{
    [Theory]
    [InlineData("a%40x", "a@x")]
    [InlineData("a%2Bb%20c%40x", "a+b c@x")]
    [InlineData("%C3%A9%40x", "é@x")]
    [InlineData("100%25", "100%")]
    [InlineData("a%25zz%254%40x", "a%zz%4@x")]
    public void The_switchs_encoding_is_decoded(string written, string id) => Assert.Equal(id, Plain(written));

    [Theory]
    [InlineData("a%41b%40x", "a%41b@x")]
    [InlineData("%7E%2D%2F%27%2C%40x", "%7E%2D%2F%27%2C@x")]
    [InlineData("a%3ab%40x", "a%3ab@x")]
    [InlineData("a%3Cb%3c%40x", "a<b%3c@x")]
    [InlineData("%25be%40x", "%be@x")]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    public void Sequences_that_the_switch_never_writes_belong_to_the_value(string written, string id) => Assert.Equal(id, Plain(written));

    [Theory]
    [InlineData("%E9t%E9%40192.0.2.10")]
    [InlineData("x%00y%40192.0.2.10")]
    [InlineData("a%0D%0Ab")]
    [InlineData("a%7Fb%40x")]
    [InlineData("%C3%40x")]
    [InlineData("%ED%A0%80")]
    public void Values_that_would_decode_to_disallowed_bytes_stay_encoded(string written) => Assert.Equal(written, Plain(written));

    [Theory]
    [InlineData("a\0b", "a%00b")]
    [InlineData("\u00e9t@x", "%E9t@x")]
    [InlineData("a\tb%40x", "a%09b%40x")]
    public void A_disallowed_raw_byte_becomes_a_percent_sequence(string latin1, string id) =>
        Assert.Equal(id, Decode(Encoding.Latin1.GetBytes(latin1), ValueEncoding.Url));

    [Theory]
    [InlineData("a%41b@x", "a%41b@x")]
    [InlineData("x%00y@x", "x%00y@x")]
    [InlineData("""x\u0000y\n""", "x%00y%0A")]
    [InlineData("\u00e9", "%E9")]
    public void Json_needs_no_percent_rule(string latin1, string id) => Assert.Equal(id, Decode(Encoding.Latin1.GetBytes(latin1), ValueEncoding.JsonString));

    [Fact]
    public void Any_bytes_give_a_valid_id_within_the_buffer()
    {
        Random random = new(12);
        byte[] scratch = new byte[64];
        for (int run = 0; run < 20_000; run++)
        {
            byte[] bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(3) == 0 ? bytes[i] : "%E9%00%41"u8[random.Next(9)];
            }

            foreach (ValueEncoding encoding in Enum.GetValues<ValueEncoding>())
            {
                HeaderValue value = new(bytes, encoding);
                ReadOnlySpan<byte> id = value.DecodeId(scratch);
                Assert.True(Utf8.IsValid(id) && id.IndexOfAnyInRange((byte)0, (byte)0x1f) < 0 && !id.Contains((byte)0x7f));
                Assert.True(id.Length <= Math.Max(scratch.Length, bytes.Length));
            }
        }
    }

    private static string Plain(string written) => Decode(Encoding.ASCII.GetBytes(written), ValueEncoding.Url);

    private static string Decode(byte[] raw, ValueEncoding encoding) => Encoding.UTF8.GetString(new HeaderValue(raw, encoding).DecodeId(new byte[256]));
}
