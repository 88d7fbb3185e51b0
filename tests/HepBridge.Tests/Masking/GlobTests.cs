using System.Text;
using HepBridge.Masking;

namespace HepBridge.Tests.Masking;

/// <summary>The patterns of hide_headers, which keep secrets out of packets.</summary>
public sealed class GlobTests
{
    [Theory]
    [InlineData("*password*", "variable_sip_auth_password")]
    [InlineData("*password*", "PASSWORD")]
    [InlineData("*password*", "my-Password-2")]
    [InlineData("*pin*", "variable_pin_code")]
    [InlineData("digits_dialed", "Digits_Dialed")]
    [InlineData("a?c", "abc")]
    [InlineData("a?c", "a?c")]
    [InlineData("*", "")]
    [InlineData("**", "anything")]
    [InlineData("", "")]
    [InlineData("a*b*c", "a-b-b-c-c")]
    [InlineData("*ab", "aab")]
    [InlineData("*.secret", "x.y.secret")]
    public void It_matches(string pattern, string name) => Assert.True(new Glob(pattern).Matches(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("digits_dialed", "digits_dialed2")]
    [InlineData("digits_dialed", "xdigits_dialed")]
    [InlineData("a?c", "ac")]
    [InlineData("a?c", "abbc")]
    [InlineData("", "a")]
    [InlineData("a*b", "a-b-c")]
    [InlineData("*password*", "passwor")]
    [InlineData("a.c", "abc")]
    public void It_does_not_match(string pattern, string name) => Assert.False(new Glob(pattern).Matches(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void A_pattern_of_many_stars_is_fast() =>
        Assert.False(new Glob(string.Concat(Enumerable.Repeat("a*", 50)) + "b").Matches(Encoding.UTF8.GetBytes(new string('a', 5_000))));
}
