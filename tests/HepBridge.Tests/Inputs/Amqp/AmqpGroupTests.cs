using System.Globalization;
using System.Text;
using HepBridge.Inputs.Amqp;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Inputs.Amqp;

public class AmqpGroupTests
{
    private readonly ManualTime _time = new();
    private readonly List<(int Surplus, int Agents)> _released = [];
    private readonly AmqpGroup _group;
    private int _load;

    public AmqpGroupTests() => _group = new AmqpGroup(() => _load, (surplus, agents) => _released.Add((surplus, agents)), _time);

    [Fact]
    public void Alone_it_keeps_everything()
    {
        _load = 12;
        Hear(_group.Describe());
        _group.Tick();
        Assert.Empty(_released);
        Assert.Equal(1, _group.Agents);
    }

    [Fact]
    public void It_gives_up_what_is_more_than_its_share()
    {
        _load = 12;
        Hear(_group.Describe());
        Member(1, 0);
        Member(2, 0);
        _group.Tick();
        Assert.Equal([(8, 3)], _released);
    }

    [Theory]
    [InlineData(4, 4, 4)]
    [InlineData(5, 4, 4)]
    [InlineData(0, 9, 0)]
    public void It_keeps_its_share(int mine, int second, int third)
    {
        _load = mine;
        Hear(_group.Describe());
        Member(1, second);
        Member(2, third);
        _group.Tick();
        Assert.Empty(_released);
    }

    [Fact]
    public void An_agent_that_is_silent_counts_no_more()
    {
        Member(1, 0);
        _time.Advance(TimeSpan.FromSeconds(17));
        _load = 12;
        Hear(_group.Describe());
        _group.Tick();
        Assert.Empty(_released);
        Assert.Equal(1, _group.Agents);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a 1")]
    [InlineData("00000000000000000000000000000001 x")]
    [InlineData("00000000000000000000000000000001 -1")]
    [InlineData("00000000000000000000000000000001 1 2")]
    public void Other_messages_are_ignored(string text)
    {
        Hear(Encoding.ASCII.GetBytes(text));
        Assert.Equal(1, _group.Agents);
        _load = 5;
        _group.Tick();
        Assert.Empty(_released);
    }

    private void Member(int number, int load) => Hear(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number:d32} {load}")));

    private void Hear(byte[] message) => _group.OnMember(message);
}
