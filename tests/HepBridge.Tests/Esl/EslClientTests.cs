using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

public sealed class EslClientTests : IDisposable
{
    private readonly FakeEventSocket _switch = new();
    private readonly RecordingHandler _handler = new();
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private EslClient? _client;

    public void Dispose()
    {
        _stop.Dispose();
        _client?.Dispose();
        _switch.Dispose();
    }

    [Fact]
    public async Task It_logs_in_subscribes_and_passes_on_events()
    {
        Task running = Start(new EslSubscription(["A"], ["x::y"]));
        (FakeEventSocket.Peer peer, string subscription) = await _switch.AcceptAndLogInAsync();
        using (peer)
        {
            Assert.Equal("event plain A CUSTOM x::y", subscription);
            Assert.Equal("connected 0 first", await _handler.NextAsync());
            await peer.SayAsync(FakeEventSocket.Event("CHANNEL_CREATE") + FakeEventSocket.Event("CHANNEL_DESTROY"));
            Assert.Equal("event CHANNEL_CREATE", await _handler.NextAsync());
            Assert.Equal("event CHANNEL_DESTROY", await _handler.NextAsync());
            await StopAsync(running);
            Assert.Equal("disconnected Stopped", await _handler.NextAsync());
            Assert.Equal("", await peer.HearAsync());
        }
    }

    [Fact]
    public async Task Events_in_the_same_segment_as_the_reply_are_not_lost()
    {
        Task running = Start(new EslSubscription(["A"], []));
        using FakeEventSocket.Peer peer = await _switch.AcceptAsync();
        await peer.SayAsync(FakeEventSocket.Greeting);
        await peer.HearAsync();
        await peer.SayAsync(FakeEventSocket.Accepted);
        await peer.HearAsync();
        await peer.SayAsync(FakeEventSocket.Enabled + FakeEventSocket.Event("A") + FakeEventSocket.Event("A")[..20]);

        Assert.Equal("connected 0 first", await _handler.NextAsync());
        Assert.Equal("event A", await _handler.NextAsync());
        await StopAsync(running);
    }

    [Fact]
    public async Task Replies_between_events_reach_the_client_and_a_refused_log_ends_nothing()
    {
        Task running = Start(new EslSubscription(["A"], [], EslEventFormat.Plain, "NOTICE"));
        (FakeEventSocket.Peer peer, _) = await _switch.AcceptAndLogInAsync();
        using (peer)
        {
            Assert.Equal("connected 0 first", await _handler.NextAsync());
            Assert.Equal("log NOTICE", await peer.HearAsync());
            await peer.SayAsync(FakeEventSocket.Event("A") + "Content-Type: command/reply\nReply-Text: -ERR permission denied\n\n" + FakeEventSocket.Event("B"));
            Assert.Equal("event A", await _handler.NextAsync());
            string refused = await _handler.NextAsync();
            Assert.StartsWith("refused ", refused, StringComparison.Ordinal);
            Assert.Contains("log NOTICE", refused, StringComparison.Ordinal);
            Assert.Contains("permission denied", refused, StringComparison.Ordinal);
            Assert.Equal("event B", await _handler.NextAsync());
            await StopAsync(running);
        }
    }

    [Fact]
    public async Task A_refused_subscription_is_a_failure_and_retried()
    {
        Task running = Start(new EslSubscription(["A"], [], EslEventFormat.Json));
        using FakeEventSocket.Peer peer = await _switch.AcceptAsync();
        await peer.SayAsync(FakeEventSocket.Greeting);
        await peer.HearAsync();
        await peer.SayAsync(FakeEventSocket.Accepted);
        Assert.Equal("event json A", await peer.HearAsync());
        await peer.SayAsync("Content-Type: command/reply\nReply-Text: -ERR no json here\n\n");

        Assert.Equal("disconnected SubscriptionRefused", await _handler.NextAsync());
        Assert.Contains("no json here", _handler.LastDisconnect.Message, StringComparison.Ordinal);
        Assert.False(_handler.LastDisconnect.WasConnected);
        await StopAsync(running);
    }

    [Fact]
    public async Task A_returning_switch_is_reconnected_within_about_a_second()
    {
        Task running = Start(new EslSubscription(["A"], []));
        (FakeEventSocket.Peer first, _) = await _switch.AcceptAndLogInAsync();
        Assert.Equal("connected 0 first", await _handler.NextAsync());
        first.Dispose();
        Assert.Equal("disconnected Closed", await _handler.NextAsync());
        EslDisconnected lost = _handler.LastDisconnect;
        Assert.True(lost is { WasConnected: true, IsNews: true, Failures: 1 });
        Assert.InRange(lost.NextTry.TotalSeconds, 0.8, 1.2);

        await _time.TimerAsync(lost.NextTry);
        _time.Advance(lost.NextTry);
        (FakeEventSocket.Peer second, _) = await _switch.AcceptAndLogInAsync();
        using (second)
        {
            Assert.Equal("connected 1 again", await _handler.NextAsync());
            await StopAsync(running);
        }
    }

    [Fact]
    public async Task Delays_grow_until_a_login_and_only_a_changed_reason_is_news()
    {
        Task running = Start(new EslSubscription(["A"], []));
        double[] seconds = [1, 2, 4];
        for (int i = 0; i < seconds.Length; i++)
        {
            using FakeEventSocket.Peer peer = await _switch.AcceptAsync();
            await peer.SayAsync("Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n");
            Assert.Equal("disconnected Rejected", await _handler.NextAsync());
            EslDisconnected failed = _handler.LastDisconnect;
            Assert.Equal(i + 1, failed.Failures);
            Assert.Equal(i == 0, failed.IsNews);
            Assert.InRange(failed.NextTry.TotalSeconds, seconds[i] * 0.8, seconds[i] * 1.2);
            await _time.TimerAsync(failed.NextTry);
            _time.Advance(failed.NextTry);
        }

        (FakeEventSocket.Peer good, _) = await _switch.AcceptAndLogInAsync();
        Assert.Equal("connected 3 first", await _handler.NextAsync());
        good.Reset();
        Assert.Equal("disconnected Broken", await _handler.NextAsync());
        Assert.Equal(1, _handler.LastDisconnect.Failures);
        Assert.InRange(_handler.LastDisconnect.NextTry.TotalSeconds, 0.8, 1.2);
        await StopAsync(running);
    }

    [Theory]
    [InlineData(FakeEventSocket.Goodbye, EslDisconnectReason.DisconnectNotice)]
    [InlineData("nonsense\n\n", EslDisconnectReason.BadFrame)]
    [InlineData("Content-Length: 99999999\nContent-Type: text/event-plain\n\n", EslDisconnectReason.BadFrame)]
    public async Task The_reason_for_a_disconnect_is_reported(string said, EslDisconnectReason reason)
    {
        Task running = Start(new EslSubscription(["A"], []));
        (FakeEventSocket.Peer peer, _) = await _switch.AcceptAndLogInAsync();
        using (peer)
        {
            await peer.SayAsync(said);
            Assert.Equal("connected 0 first", await _handler.NextAsync());
            Assert.Equal($"disconnected {reason}", await _handler.NextAsync());
            await StopAsync(running);
        }
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_frame_is_reported()
    {
        Task running = Start(new EslSubscription(["A"], []));
        (FakeEventSocket.Peer peer, _) = await _switch.AcceptAndLogInAsync();
        await peer.SayAsync(FakeEventSocket.Event("CHANNEL_CREATE")[..^5]);
        peer.Dispose();
        Assert.Equal("connected 0 first", await _handler.NextAsync());
        Assert.Equal("disconnected Closed", await _handler.NextAsync());
        Assert.Contains("middle of a frame", _handler.LastDisconnect.Message, StringComparison.Ordinal);
        await StopAsync(running);
    }

    [Fact]
    public async Task A_silent_switch_is_probed_and_kept_if_it_replies()
    {
        Task running = Start(new EslSubscription(["A"], []));
        (FakeEventSocket.Peer peer, _) = await _switch.AcceptAndLogInAsync();
        using (peer)
        {
            Assert.Equal("connected 0 first", await _handler.NextAsync());
            await _time.TimerAsync(TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(60));
            Assert.Equal("api version", await peer.HearAsync());
            _time.Advance(TimeSpan.FromSeconds(1));
            await peer.SayAsync(FakeEventSocket.Api("FreeSWITCH Version 1.11.3\n") + FakeEventSocket.Event("A"));
            Assert.Equal("event A", await _handler.NextAsync());
            _time.Advance(TimeSpan.FromSeconds(30));
            await peer.SayAsync(FakeEventSocket.Event("B"));
            Assert.Equal("event B", await _handler.NextAsync());
            await StopAsync(running);
        }
    }

    [Fact]
    public async Task A_dead_switch_is_disconnected_five_seconds_after_the_probe()
    {
        Task running = Start(new EslSubscription(["A"], []));
        (FakeEventSocket.Peer peer, _) = await _switch.AcceptAndLogInAsync();
        using (peer)
        {
            Assert.Equal("connected 0 first", await _handler.NextAsync());
            await _time.TimerAsync(TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(60));
            Assert.Equal("api version", await peer.HearAsync());
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal("disconnected DeadPeer", await _handler.NextAsync());
            await StopAsync(running);
        }
    }

    [Fact]
    public async Task A_changed_subscription_is_sent_as_a_difference_and_used_for_later_connections()
    {
        Task running = Start(new EslSubscription(["A", "B"], []));
        (FakeEventSocket.Peer peer, _) = await _switch.AcceptAndLogInAsync();
        Assert.Equal("connected 0 first", await _handler.NextAsync());
        await _client!.ChangeSubscriptionAsync(new EslSubscription(["B", "C"], []), CancellationToken.None);
        Assert.Equal("event plain C", await peer.HearAsync());
        Assert.Equal("nixevent A", await peer.HearAsync());
        peer.Dispose();
        Assert.StartsWith("disconnected", await _handler.NextAsync(), StringComparison.Ordinal);
        await _time.TimerAsync(_handler.LastDisconnect.NextTry);
        _time.Advance(_handler.LastDisconnect.NextTry);
        (FakeEventSocket.Peer again, string subscription) = await _switch.AcceptAndLogInAsync();
        using (again)
        {
            Assert.Equal("event plain B C", subscription);
            await StopAsync(running);
        }
    }

    [Fact]
    public async Task Channels_are_queried_on_a_second_connection_that_ends_with_the_first()
    {
        Task running = Start(new EslSubscription(["A"], []), rebuild: true);
        (FakeEventSocket.Peer peer, _) = await _switch.AcceptAndLogInAsync();
        using FakeEventSocket.Peer second = await _switch.AcceptAsync();
        await second.SayAsync(FakeEventSocket.Greeting);
        Assert.Equal("auth ClueCon", await second.HearAsync());
        await second.SayAsync(FakeEventSocket.Accepted);
        Assert.Equal("api show channels as json", await second.HearAsync());
        Assert.Equal("connected 0 first", await _handler.NextAsync());

        // The second connection gets no reply, but the events keep flowing.
        await peer.SayAsync(FakeEventSocket.Event("A"));
        Assert.Equal("event A", await _handler.NextAsync());
        peer.Dispose();
        Assert.StartsWith("disconnected", await _handler.NextAsync(), StringComparison.Ordinal);
        Assert.Equal("", await second.HearAsync());
        await StopAsync(running);
    }

    private Task Start(EslSubscription subscription, bool rebuild = false)
    {
        EslClientOptions options = new() { Endpoint = _switch.Endpoint(), Subscription = subscription, RebuildChannels = rebuild };
        _client = new EslClient(options, _handler, _time, new Backoff(new Random(7)));
        return _client.RunAsync(_stop.Token);
    }

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }
}
