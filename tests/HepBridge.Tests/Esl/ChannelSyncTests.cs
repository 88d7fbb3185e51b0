using System.Text;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

public class ChannelSyncTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _dumps = [];

    [Fact]
    public async Task Channels_are_dumped_one_by_one_recently_active_first_at_fifty_a_second()
    {
        using FakeEventSocket peers = new();
        ChannelSync rebuild = new(peers.Endpoint(), TimeSpan.FromSeconds(5), _time);
        rebuild.Hint("c"u8);
        rebuild.Hint("unknown"u8);
        Task<ChannelSyncResult> running = rebuild.RunAsync(Keep, CancellationToken.None);
        using FakeEventSocket.Peer peer = await LogInAsync(peers);
        await peer.SayAsync(FakeEventSocket.Api("{\"row_count\":3,\"rows\":[{\"uuid\":\"a\",\"name\":\"x\"},{\"uuid\":\"b b\"},{\"uuid\":\"b\"},{\"uuid\":\"c\"}]}"));
        foreach (string channel in new[] { "c", "a", "b" })
        {
            Assert.Equal($"api uuid_dump {channel}", await peer.HearAsync());
            await peer.SayAsync(FakeEventSocket.Api(channel == "a" ? "-ERR No such channel!\n" : $"Event-Name: CHANNEL_DATA\nUnique-ID: {channel}\n\n"));
            await _time.TimerAsync(TimeSpan.FromMilliseconds(20));
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(new ChannelSyncResult(EslOutcome.Success, 3, 2, 1), await running);
        Assert.Equal(["Event-Name: CHANNEL_DATA\nUnique-ID: c\n\n", "Event-Name: CHANNEL_DATA\nUnique-ID: b\n\n"], _dumps);
    }

    [Fact]
    public async Task Without_channels_there_is_nothing_to_do()
    {
        ChannelSyncResult result = await AnswerListAsync(FakeEventSocket.Api("{\"row_count\":0}"));

        Assert.Equal(new ChannelSyncResult(EslOutcome.Success, 0, 0, 0), result);
    }

    [Theory]
    [InlineData("Content-Type: command/reply\nReply-Text: -ERR permission denied\n\n", "permission denied")]
    public async Task A_refusal_gives_one_message_and_ends_the_query(string answer, string named)
    {
        ChannelSyncResult result = await AnswerListAsync(answer);

        Assert.Equal(EslDisconnectReason.SubscriptionRefused, result.Outcome.Reason);
        Assert.Contains(named, result.Outcome.Message, StringComparison.Ordinal);
        Assert.Contains("show channels", result.Outcome.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-ERR no DB\n", 2, true)]
    [InlineData("[1]\n", 1, true)]
    [InlineData("", 1, true)]
    [InlineData("-ERR no DB\n", 3, false)]
    public async Task A_failed_list_is_requested_three_times_at_most(string answer, int failures, bool succeeds)
    {
        using FakeEventSocket peers = new();
        ChannelSync rebuild = new(peers.Endpoint(), TimeSpan.FromSeconds(5), _time);
        Task<ChannelSyncResult> running = rebuild.RunAsync(Keep, CancellationToken.None);
        using FakeEventSocket.Peer peer = await LogInAsync(peers);
        for (int failure = 1; failure <= failures; failure++)
        {
            await peer.SayAsync(FakeEventSocket.Api(answer));
            if (failure == 3)
            {
                break;
            }

            await _time.TimerAsync(TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("api show channels as json", await peer.HearAsync());
        }

        if (succeeds)
        {
            await peer.SayAsync(FakeEventSocket.Api("{\"row_count\":0}"));
        }

        ChannelSyncResult result = await running;
        Assert.Equal(succeeds, result.Outcome.IsSuccess);
        Assert.Equal(succeeds, !result.Outcome.Message.Contains("show channels", StringComparison.Ordinal));
    }

    private async Task<ChannelSyncResult> AnswerListAsync(string answer)
    {
        using FakeEventSocket peers = new();
        ChannelSync rebuild = new(peers.Endpoint(), TimeSpan.FromSeconds(5), _time);
        Task<ChannelSyncResult> running = rebuild.RunAsync(Keep, CancellationToken.None);
        using FakeEventSocket.Peer peer = await LogInAsync(peers);
        await peer.SayAsync(answer);
        return await running;
    }

    private static async Task<FakeEventSocket.Peer> LogInAsync(FakeEventSocket peers)
    {
        FakeEventSocket.Peer peer = await peers.AcceptAsync();
        await peer.SayAsync(FakeEventSocket.Greeting);
        await peer.HearAsync();
        await peer.SayAsync(FakeEventSocket.Accepted);
        Assert.Equal("api show channels as json", await peer.HearAsync());
        return peer;
    }

    private void Keep(ReadOnlySpan<byte> plainEvent) => _dumps.Add(Encoding.UTF8.GetString(plainEvent));
}
