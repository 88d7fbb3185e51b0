using System.Globalization;
using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Tests.Events;

public sealed class HeaderNumberTests
{
    [Theory]
    [InlineData("0", 0u)]
    [InlineData("7", 7u)]
    [InlineData("4294967295", uint.MaxValue)]
    [InlineData("00000000000", 0u)]
    [InlineData("0000000004294967295", uint.MaxValue)]
    public void Unsigned_numbers_are_read(string text, uint expected)
    {
        Assert.True(Value(text).TryParseUInt32(out uint number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("4294967296")]
    [InlineData("9999999999")]
    [InlineData("18446744073709551616")]
    [InlineData("%31")]
    [InlineData("_undef_")]
    public void Anything_else_is_no_unsigned_number(string text)
    {
        Assert.False(Value(text).TryParseUInt32(out uint number));
        Assert.Equal(0u, number);
    }

    [Fact]
    public void Hexadecimal_numbers_have_one_to_eight_digits_of_either_case()
    {
        foreach (uint number in new[] { 0u, 0xau, 0x9abcdefu, 0x80000000u, uint.MaxValue })
        {
            foreach (string text in new[] { number.ToString("x", CultureInfo.InvariantCulture), number.ToString("X8", CultureInfo.InvariantCulture) })
            {
                Assert.True(Value(text).TryParseHex32(out uint read));
                Assert.Equal(number, read);
            }
        }

        foreach (string text in new[] { "", "g", "0x1", "123456789", "-1", "1 " })
        {
            Assert.False(Value(text).TryParseHex32(out uint read));
            Assert.Equal(0u, read);
        }
    }

    private static HeaderValue Value(string text) => new(Encoding.ASCII.GetBytes(text), ValueEncoding.Url);
}
