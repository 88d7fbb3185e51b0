using System.Net;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.Tests.Hep;

public sealed class HepAddressTests
{
    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("192.0.2.10", "192.0.2.10")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("[::1]", "::1")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("[fe80::1%3]", "fe80::1")]
    [InlineData("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a")]
    [InlineData("2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1")]
    [InlineData("2001:0:0:1:0:0:1:1", "2001::1:0:0:1:1")]
    [InlineData("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::")]
    [InlineData("::ffff:192.0.2.10", "192.0.2.10")]
    [InlineData("::FFFF:c000:020a", "192.0.2.10")]
    [InlineData("[::ffff:192.0.2.10]", "192.0.2.10")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    [InlineData("::1.2.3.4", "::102:304")]
    public void Text_is_parsed_and_formatted_canonically(string text, string canonical)
    {
        Assert.True(HepAddress.TryParse(Encoding.UTF8.GetBytes(text), out HepAddress address));
        Assert.Equal(canonical, address.ToString());
        Assert.Equal(canonical.Contains(':', StringComparison.Ordinal), address.IsIPv6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.1000")]
    [InlineData("1.2.3.04")]
    [InlineData("00.1.2.3")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("-1.2.3.4")]
    [InlineData("1.2.3.4:5060")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("[1.2.3.4]")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData(":1")]
    [InlineData("1:")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("1::2::3")]
    [InlineData("12345::")]
    [InlineData("::g")]
    [InlineData("::+1")]
    [InlineData("::-1")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.256")]
    [InlineData("1.2.3.4::")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[]")]
    [InlineData("%")]
    [InlineData("localhost")]
    public void Anything_but_an_address_is_rejected(string text)
    {
        Assert.False(HepAddress.TryParse(Encoding.UTF8.GetBytes(text), out HepAddress address));
        Assert.Equal(default, address);
    }

    [Fact]
    public void Random_addresses_match_the_class_library()
    {
        Random random = new(5952);
        Span<byte> text = stackalloc byte[39];
        byte[] bytes = new byte[16];
        byte[] written = new byte[16];
        for (int i = 0; i < 20_000; i++)
        {
            // Many zero bytes, so that gaps of every length and position occur.
            for (int at = 0; at < 16; at += 2)
            {
                bool zero = random.Next(2) == 0;
                bytes[at] = (byte)(zero || random.Next(3) == 0 ? 0 : random.Next(256));
                bytes[at + 1] = (byte)(zero ? 0 : random.Next(256));
            }

            byte[] value = i % 2 == 0 ? bytes : bytes[..4];
            IPAddress expected = new(value);
            HepAddress address = HepAddress.FromBytes(value);
            if (expected.IsIPv4MappedToIPv6)
            {
                expected = expected.MapToIPv4();
            }

            Assert.Equal(address, HepAddress.From(expected));
            Assert.Equal(expected, address.ToIPAddress());
            Assert.True(address.TryFormat(text, out int length));
            Assert.Equal(expected, IPAddress.Parse(Encoding.ASCII.GetString(text[..length])));
            Assert.True(HepAddress.TryParse(text[..length], out HepAddress parsed));
            Assert.Equal(address, parsed);
            Assert.Equal(address.GetHashCode(), parsed.GetHashCode());
            Assert.True(HepAddress.TryParse(Encoding.ASCII.GetBytes(expected.ToString()), out parsed));
            Assert.Equal(address, parsed);
            Assert.Equal(expected.GetAddressBytes(), written[..address.WriteBytes(written)]);
            if (!expected.ToString().Contains('.', StringComparison.Ordinal) || !address.IsIPv6)
            {
                Assert.Equal(expected.ToString(), address.ToString());
            }
        }
    }

    [Fact]
    public void Random_text_is_parsed_as_by_the_class_library()
    {
        Random random = new(3986);
        ReadOnlySpan<byte> letters = "0123456789abcdefF:::..%[]"u8;
        byte[] text = new byte[24];
        for (int i = 0; i < 200_000; i++)
        {
            int length = random.Next(text.Length);
            for (int at = 0; at < length; at++)
            {
                text[at] = letters[random.Next(letters.Length)];
            }

            if (HepAddress.TryParse(text.AsSpan(0, length), out HepAddress address))
            {
                string bare = Encoding.ASCII.GetString(text, 0, length).Trim('[', ']').Split('%')[0];
                Assert.Equal(HepAddress.From(IPAddress.Parse(bare)), address);
            }
        }
    }

    [Theory]
    [InlineData("192.0.2.100")]
    [InlineData("1.2.3.4")]
    [InlineData("2001:db8::1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Text_that_does_not_fit_is_rejected_and_nothing_written(string text)
    {
        HepAddress address = HepAddress.From(IPAddress.Parse(text));
        byte[] destination = new byte[text.Length];
        for (int size = 0; size < text.Length; size++)
        {
            Assert.False(address.TryFormat(destination.AsSpan(0, size), out int none));
            Assert.Equal(0, none);
            Assert.All(destination, b => Assert.Equal(0, b));
        }

        Assert.True(address.TryFormat(destination, out int written));
        Assert.Equal(text, Encoding.ASCII.GetString(destination, 0, written));
    }

    [Fact]
    public void The_two_families_are_never_equal()
    {
        Assert.NotEqual(default, HepAddress.IPv6Any);
        Assert.True(HepAddress.IPv6Any.IsUnspecified);
        Assert.True(default(HepAddress).IsUnspecified);
        Assert.NotEqual(HepAddress.FromIPv4(1), HepAddress.From(IPAddress.Parse("::1")));
        Assert.True(HepAddress.FromIPv4(0xc000020a) == HepAddress.From(IPAddress.Parse("::ffff:192.0.2.10")));
        Assert.Equal(default, HepAddress.FromBytes([1, 2, 3]));
    }

    [Fact]
    public void The_sixteen_byte_form_maps_IPv4_and_keeps_zero()
    {
        byte[] sixteen = new byte[16];
        HepAddress.FromIPv4(0xc000020a).WriteIPv6(sixteen);
        Assert.Equal(IPAddress.Parse("::ffff:192.0.2.10").GetAddressBytes(), sixteen);
        default(HepAddress).WriteIPv6(sixteen);
        Assert.Equal(new byte[16], sixteen);
    }
}
