using System.Net;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

public sealed class SenderFilterTests
{
    [Theory]
    [InlineData("", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.2.3/32", "10.1.2.4", false)]
    [InlineData("192.168.0.0/16 fd99::/64", "fd99::1", true)]
    [InlineData("192.168.0.0/16 fd99::/64", "fd99:0:0:1::1", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "fd99::1", false)]
    [InlineData("::/0", "8.8.8.8", false)]
    [InlineData("::/0", "fe80::1", true)]
    public void A_sender_is_allowed_if_a_network_of_its_family_contains_it(string networks, string sender, bool allowed)
    {
        SenderFilter filter = new(networks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse));
        Assert.Equal(allowed, filter.Allows(SenderAddress.From(IPAddress.Parse(sender))));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("fd99::1")]
    [InlineData("::1")]
    public void An_address_survives_the_round_trip(string address) =>
        Assert.Equal(address, SenderAddress.From(IPAddress.Parse(address)).ToString());
}
