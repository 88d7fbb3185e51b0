using System.Xml.Linq;
using HepBridge.Configuration;
using HepBridge.Reports;

namespace HepBridge.Tests.Configuration;

public class MulticastExamplesTests
{
    [Theory]
    [InlineData("hub-multicast/event_multicast.conf.xml")]
    [InlineData("hub-esl/event_multicast.satellite.conf.xml")]
    public void The_shipped_bindings_match_the_reports(string file)
    {
        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) =
            new ReportPlan(new ReportOptions { RegistrationEvents = true, CustomEvents = true }).Subscription();
        string[] bindings = Bindings(file);
        int custom = Array.IndexOf(bindings, "CUSTOM");
        Assert.Equal(names.Order(StringComparer.Ordinal), bindings[..custom].Order(StringComparer.Ordinal));
        Assert.Equal(
            subclasses.Where(subclass => subclass != "multicast::event").Order(StringComparer.Ordinal),
            bindings[(custom + 1)..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_hub_sends_its_own_HEARTBEATs() => Assert.Equal(["HEARTBEAT"], Bindings("hub-esl/event_multicast.hub.conf.xml"));

    private static string[] Bindings(string file)
    {
        XElement settings = XDocument.Load(Path.Combine(Repository.Root, "examples", file)).Root!.Element("settings")!;
        string[] known = ["address", "bindings", "port", "ttl", "loopback", "psk"];
        Assert.All(settings.Elements("param"), param => Assert.Contains(param.Attribute("name")!.Value, known));
        return settings.Elements("param").Single(param => param.Attribute("name")!.Value == "bindings").Attribute("value")!.Value.Split(' ');
    }
}
