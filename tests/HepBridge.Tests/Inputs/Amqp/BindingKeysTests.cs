using HepBridge.Configuration;
using HepBridge.Inputs.Amqp;
using HepBridge.Reports;

namespace HepBridge.Tests.Inputs.Amqp;

public class BindingKeysTests
{
    private static readonly ReportOptions _few = new() { CallEvents = false, RtcpEvents = false, QosEvents = false };

    [Fact]
    public void They_are_what_the_reports_need_and_what_legs_are_known_by()
    {
        IReadOnlyList<string> few = Keys(_few);
        Assert.Contains("*.*.CHANNEL_CREATE.#", few);
        Assert.Contains("*.*.HEARTBEAT.#", few);
        Assert.DoesNotContain("*.*.RECV_RTCP_MESSAGE.#", few);
        Assert.DoesNotContain("#", few);
        Assert.Contains("*.*.RECV_RTCP_MESSAGE.#", Keys(new ReportOptions()));
    }

    [Fact]
    public void A_subclass_is_bound_as_mod_amqp_encodes_it_and_as_earlier_versions_wrote_it()
    {
        IReadOnlyList<string> keys = Keys(new ReportOptions { RegistrationEvents = true });
        Assert.Contains("*.*.CUSTOM.sofia%3A%3Aregister.#", keys);
        Assert.Contains("*.*.CUSTOM.sofia::register.#", keys);
    }

    [Fact]
    public void Configured_bindings_win() =>
        Assert.Equal(["a.#"], BindingKeys.Of(new AmqpInputConfiguration { Bindings = ["a.#"], Reports = _few }, new ReportPlan(_few)));

    [Fact]
    public void A_group_takes_everything_because_its_routing_keys_name_only_the_switch() =>
        Assert.Equal(["#"], BindingKeys.Of(new AmqpInputConfiguration { Partitions = 4, Reports = _few }, new ReportPlan(_few)));

    [Fact]
    public void So_does_a_temporary_queue_beside_a_group()
    {
        AmqpInputConfiguration beside = new AmqpInputConfiguration { Partitions = 4, Reports = _few }.ForListening(_few);
        Assert.Equal(["#"], BindingKeys.Of(beside, new ReportPlan(_few)));
        Assert.False(beside.IsMember);
    }

    private static IReadOnlyList<string> Keys(ReportOptions reports) => BindingKeys.Of(new AmqpInputConfiguration { Reports = reports }, new ReportPlan(reports));
}
