using HepBridge.Hosting;

namespace HepBridge.Tests.Hosting;

public sealed class OwnNamesTests
{
    private static readonly string _machine = Environment.MachineName;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("192.0.2.7")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("prometheus.example")]
    [InlineData("Prometheus.Example")]
    public void Addresses_the_hosts_names_and_allowed_names_are_accepted(string host) => Assert.True(new OwnNames(["prometheus.example"]).Contains(host));

    [Fact]
    public void The_hosts_name_with_or_without_a_domain_is_accepted()
    {
        Assert.True(new OwnNames([]).Contains(_machine.ToUpperInvariant()));
        Assert.True(new OwnNames([]).Contains(_machine + ".lan"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("xprometheus.example")]
    [InlineData("prometheus.example.evil")]
    public void Other_names_are_rejected(string host) => Assert.False(new OwnNames(["prometheus.example"]).Contains(host));

    [Fact]
    public void A_name_that_only_starts_like_the_hosts_is_rejected() => Assert.False(new OwnNames([]).Contains(_machine + "x.example"));
}
