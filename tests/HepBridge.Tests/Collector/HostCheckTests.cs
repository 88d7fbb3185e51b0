using HepBridge.Collector.Web;

namespace HepBridge.Tests.Collector;

public sealed class HostCheckTests
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
    public void Addresses_the_machines_names_and_allowed_names_are_own(string host) => Assert.True(new HostCheck(["prometheus.example"], "key").Allows(host));

    [Fact]
    public void The_machines_own_name_is_own_and_no_name_of_another_domain_that_begins_with_it()
    {
        Assert.True(new HostCheck([], "key").Allows(_machine.ToUpperInvariant()));
        Assert.True(new HostCheck([], "key").Allows(System.Net.Dns.GetHostName()));
        Assert.False(new HostCheck([], "key").Allows(_machine + ".evil.example"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("xprometheus.example")]
    [InlineData("prometheus.example.evil")]
    public void Other_names_are_foreign(string host) => Assert.False(new HostCheck(["prometheus.example"], "key").Allows(host));

    [Fact]
    public void A_name_that_only_begins_like_the_machines_is_foreign() => Assert.False(new HostCheck([], "key").Allows(_machine + "x.example"));
}
