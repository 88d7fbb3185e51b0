using System.Text;
using HepBridge.Inputs.Amqp;

namespace HepBridge.Tests.Inputs.Amqp;

/// <summary>Replies of mod_amqp's command profile.</summary>
public class CommandReplyTests
{
    private const string Reply = "{\n\t\"output\":\t\"Event-Name: CHANNEL_DATA\\nUnique-ID: a\\n\",\n\t\"command\":\t\"uuid_dump a\",\n\t\"status\":\t0\n}";

    [Fact]
    public void Output_and_command_are_read()
    {
        Assert.True(CommandClient.TryRead(Encoding.UTF8.GetBytes(Reply), out string command, out byte[] output));
        Assert.Equal("uuid_dump a", command);
        Assert.Equal("Event-Name: CHANNEL_DATA\nUnique-ID: a\n", Encoding.UTF8.GetString(output));
    }

    [Fact]
    public void Every_prefix_is_refused()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Reply);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(CommandClient.TryRead(bytes.AsSpan(0, length), out _, out _), $"{length} bytes");
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"output\":1,\"command\":\"a\"}")]
    [InlineData("{\"output\":\"x\"}")]
    [InlineData("{\"output\":{\"command\":\"a\"}}")]
    [InlineData("{\"output\":\"\\ud800\",\"command\":\"a\"}")]
    public void Anything_else_is_refused(string json) => Assert.False(CommandClient.TryRead(Encoding.UTF8.GetBytes(json), out _, out _));
}
