using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Reports;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Calls;

/// <summary>sofia::register_failure has no Call-ID: it is taken from the sofia::register_attempt before it.</summary>
public sealed class RegistrationFailureTests
{
    private readonly PipelineRig _rig = new(new ReportOptions { RegistrationEvents = true });

    [Fact]
    public void A_failure_has_the_call_id_of_the_rejected_attempt()
    {
        Attempt("a@x", "FORBIDDEN");
        Failure();

        CollectedPacket packet = Assert.Single(_rig.Packets);
        Assert.Equal(("a@x", "REGISTER_FAILURE"), (packet.CallId, packet.State()));
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    [Theory]
    [InlineData("SUCCESS")]
    [InlineData("RENEWED")]
    [InlineData("STALE")]
    public void A_challenge_or_a_success_is_not_a_failure(string result)
    {
        Attempt("a@x", result);
        Assert.Empty(_rig.Packets);
        Failure();

        Assert.Empty(_rig.Packets);
        Assert.Equal(1, _rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.RegistrationUnmatched));
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Attempts_without_a_result_are_matched_too()
    {
        Attempt("a@x", null);
        Failure();

        Assert.Equal("a@x", Assert.Single(_rig.Packets).CallId);
    }

    [Theory]
    [InlineData("from-user", "1001")]
    [InlineData("network-ip", "192.0.2.8")]
    [InlineData("network-port", "5061")]
    [InlineData("profile-name", "external")]
    [InlineData("Core-UUID", "another")]
    public void Another_users_attempt_does_not_match(string header, string value)
    {
        Attempt("a@x", "FORBIDDEN", (header, value));
        Failure();

        Assert.Empty(_rig.Packets);
        Assert.Equal(1, _rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.RegistrationUnmatched));
    }

    [Fact]
    public void If_two_call_ids_match_neither_is_used()
    {
        Attempt("a@x", "FORBIDDEN");
        Attempt("b@x", "FORBIDDEN");
        Failure();

        Assert.Empty(_rig.Packets);
        Assert.Equal(1, _rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.RegistrationUnmatched));
    }

    [Fact]
    public void Each_attempt_is_used_once_and_expires()
    {
        Attempt("a@x", "FORBIDDEN");
        Failure();
        Failure();
        Attempt("b@x", "FORBIDDEN");
        _rig.Advance(6);
        Failure();

        Assert.Equal("a@x", Assert.Single(_rig.Packets).CallId);
        Assert.Equal(2, _rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.RegistrationUnmatched));
    }

    [Fact]
    public void Retries_in_one_register_dialog_all_have_its_call_id()
    {
        Attempt("a@x", "FORBIDDEN");
        Attempt("a@x", "FORBIDDEN");
        Failure();
        Failure();

        Assert.Equal(["a@x", "a@x"], _rig.Packets.Select(packet => packet.CallId));
    }

    [Fact]
    public void Password_guessing_from_one_address_is_limited_without_affecting_others()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Attempt($"{i}@x", "FORBIDDEN");
            Failure();
        }

        Attempt("other@x", "FORBIDDEN", ("network-ip", "192.0.2.8"));
        Failure(("network-ip", "192.0.2.8"));
        Assert.Equal(RegistrationFailureLimit.PerAddress + 1, _rig.Packets.Count);
        Assert.Equal("other@x", _rig.Packets[^1].CallId);
        Assert.Equal(1_000 - RegistrationFailureLimit.PerAddress, _rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.RegistrationLimit));
        Assert.True(_rig.Pipeline.Counters.AreConserved);

        _rig.Advance(60);
        Attempt("later@x", "FORBIDDEN");
        Failure();
        Assert.Equal("later@x", _rig.Packets[^1].CallId);
    }

    [Fact]
    public void Password_guessing_from_many_addresses_is_limited_in_total()
    {
        for (int i = 0; i < 2_000; i++)
        {
            string address = $"2001:db8::{i:x}";
            Attempt($"{i}@x", "FORBIDDEN", ("network-ip", address));
            Failure(("network-ip", address));
        }

        Assert.Equal(RegistrationFailureLimit.Total, _rig.Packets.Count);
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Attempts_are_subscribed_to_only_with_registrations()
    {
        Assert.Contains("sofia::register_attempt", new ReportPlan(new ReportOptions { RegistrationEvents = true }).Subscription().Subclasses);
        Assert.DoesNotContain("sofia::register_attempt", new ReportPlan(new ReportOptions()).Subscription().Subclasses);
    }

    [Theory]
    [InlineData("192.0.2.7", "5060", "; network=192.0.2.7:5060 profile")]
    [InlineData("2001:db8::5", "5080", "; network=[2001:db8::5]:5080 profile")]
    [InlineData("[2001:db8::5]", "5080", "; network=[2001:db8::5]:5080 profile")]
    [InlineData("2001:db8::5", "", "; network=2001:db8::5 profile")]
    [InlineData("", "5080", "; profile")]
    public void A_port_after_an_IPv6_address_is_separated_from_it(string ip, string port, string expected)
    {
        Attempt("a@x", "FORBIDDEN", ("network-ip", ip), ("network-port", port));
        Failure(("network-ip", ip), ("network-port", port));

        Assert.Contains(expected, Assert.Single(_rig.Packets).Payload, StringComparison.Ordinal);
    }

    private void Attempt(string callId, string? result, params (string Name, string Value)[] headers) => Custom(
        "register_attempt",
        [.. headers, ("from-user", "1000"), ("from-host", "x"), ("call-id", callId), .. result is null ? [] : new[] { ("auth-result", result) }]);

    private void Failure(params (string Name, string Value)[] headers) =>
        Custom("register_failure", [.. headers, ("to-user", "1000"), ("to-host", "x"), ("registration-type", "REGISTER")]);

    private void Custom(string subclass, (string Name, string Value)[] headers)
    {
        (string Name, string Value)[] usual =
            [("Event-Subclass", "sofia::" + subclass), ("profile-name", "internal"), ("network-ip", "192.0.2.7"), ("network-port", "5060")];
        HashSet<string> given = [.. headers.Select(header => header.Name)];
        _rig.Feed("CUSTOM", [.. headers.DistinctBy(header => header.Name), .. usual.Where(header => !given.Contains(header.Name))]);
    }
}
