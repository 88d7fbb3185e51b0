using System.Collections;
using System.Reflection;
using HepBridge.Configuration;

namespace HepBridge.Tests.Configuration;

public class DefaultsTests
{
    [Fact]
    public void The_tables_and_the_model_agree_on_every_default()
    {
        AgentConfiguration read = Reading.Good("""{ "hep_config": {}, "esl_config": {}, "multicast_config": {} }""");
        ReportOptions reports = new();
        Compare(new HepOutputConfiguration(), Assert.Single(read.Outputs));
        Compare(new EslInputConfiguration { Reports = reports }, Assert.Single(read.EslInputs));
        Compare(new MulticastInputConfiguration { Reports = reports }, Assert.Single(read.MulticastInputs));
        Compare(new CallOptions(), read.Calls);
        AgentConfiguration made = new() { Outputs = read.Outputs, Inputs = read.Inputs, Calls = read.Calls };
        Compare(made, read);
        Compare(
            new SpoolConfiguration { Path = "/x" },
            Reading.Good("""{ "hep_config": { "HEP_TRANSPORT": "tcp", "spool": { "path": "/x" } }, "esl_config": {} }""").Outputs[0].Spool!);
    }

    [Fact]
    public void Metrics_and_the_page_have_default_addresses_once_their_section_exists()
    {
        AgentConfiguration read = Reading.Good("""{ "hep_config": {}, "esl_config": {}, "metrics": {}, "web": {} }""");
        Assert.Equal("127.0.0.1:9096", read.Metrics.Listen);
        Assert.Equal("127.0.0.1:9080", read.Web.Listen);
        Assert.Null(read.Web.Token);
    }

    private static void Compare(object expected, object actual)
    {
        foreach (PropertyInfo property in expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? wanted = property.GetValue(expected);
            object? read = property.GetValue(actual);
            if (wanted is ReportOptions or ListenerConfiguration)
            {
                Compare(wanted, read!);
            }
            else if (wanted is IEnumerable list and not string)
            {
                Assert.Equal(list.Cast<object>(), ((IEnumerable)read!).Cast<object>());
            }
            else
            {
                Assert.True(Equals(wanted, read), $"{property.Name}: {wanted} and {read}");
            }
        }
    }
}
