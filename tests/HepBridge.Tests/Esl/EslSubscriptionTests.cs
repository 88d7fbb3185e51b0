using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

public class EslSubscriptionTests
{
    [Fact]
    public void Custom_comes_last_and_names_every_subclass()
    {
        EslSubscription subscription = new(["HEARTBEAT", "CUSTOM", "CHANNEL_CREATE"], ["sofia::register", "a::b"], EslEventFormat.Plain, "NOTICE");

        Assert.Equal(["event plain CHANNEL_CREATE HEARTBEAT CUSTOM a::b sofia::register", "log NOTICE"], subscription.Commands());
    }

    [Fact]
    public void An_empty_subscription_needs_no_command() => Assert.Empty(new EslSubscription([], []).Commands());

    [Fact]
    public void A_long_subscription_is_several_commands_each_complete()
    {
        string[] subclasses = [.. Enumerable.Range(0, 500).Select(i => $"module{i:000}::event")];
        EslSubscription subscription = new(["CHANNEL_CREATE"], subclasses, EslEventFormat.Json);

        IReadOnlyList<string> commands = subscription.Commands();

        Assert.True(commands.Count > 3);
        Assert.StartsWith("event json CHANNEL_CREATE CUSTOM ", commands[0], StringComparison.Ordinal);
        Assert.All(commands.Skip(1), command => Assert.StartsWith("event json CUSTOM module", command, StringComparison.Ordinal));
        Assert.All(commands, command => Assert.True(command.Length <= 2000));
        Assert.Equal(subclasses, commands.SelectMany(command => command.Split(' ')).Where(word => word.Contains("::", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_change_adds_and_removes_only_what_differs()
    {
        EslSubscription before = new(["A", "B"], ["x::y"], EslEventFormat.Plain, "7");
        EslSubscription after = new(["B", "C"], ["x::z"]);

        Assert.Equal(["event plain C CUSTOM x::z", "nixevent A CUSTOM x::y", "nolog"], before.CommandsTo(after));
        Assert.Empty(before.CommandsTo(before));
    }

    [Fact]
    public void A_change_from_or_to_ALL_or_of_the_format_resends_everything()
    {
        EslSubscription some = new(["A"], ["x::y"]);
        EslSubscription all = new(["ALL"], []);

        Assert.Equal(["event plain ALL", "nixevent A CUSTOM x::y"], some.CommandsTo(all));
        Assert.Equal(["nixevent ALL", "event plain A CUSTOM x::y"], all.CommandsTo(some));
        Assert.Equal(["event json A CUSTOM x::y"], some.CommandsTo(new EslSubscription(["A"], ["x::y"], EslEventFormat.Json)));
    }

    [Theory]
    [InlineData("A B")]
    [InlineData("A\n\nexit")]
    [InlineData("")]
    public void A_name_of_several_words_is_rejected(string name) => Assert.Throws<ArgumentException>(() => new EslSubscription([name], []));
}
