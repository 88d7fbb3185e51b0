using System.Net;
using System.Net.Sockets;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

public class EslLoginTests
{
    private const string Secret = "s3cret-word";

    [Fact]
    public async Task The_right_password_is_accepted()
    {
        EslOutcome outcome = await TryAsync(user: null, async peer =>
        {
            await peer.SayAsync(FakeEventSocket.Greeting);
            Assert.Equal($"auth {Secret}", await peer.HearAsync());
            await peer.SayAsync(FakeEventSocket.Accepted);
        });

        Assert.Equal(EslOutcome.Success, outcome);
    }

    [Fact]
    public async Task A_user_of_the_directory_logs_in_by_userauth()
    {
        EslOutcome outcome = await TryAsync("hep@example.org", async peer =>
        {
            await peer.SayAsync(FakeEventSocket.Greeting);
            Assert.Equal($"userauth hep@example.org:{Secret}", await peer.HearAsync());
            await peer.SayAsync("Content-Type: command/reply\nReply-Text: +OK accepted\nAllowed-Events: all\nAllowed-API: all\nAllowed-LOG: true\n\n");
        });

        Assert.True(outcome.IsSuccess);
    }

    [Fact]
    public async Task A_wrong_password_names_the_setting()
    {
        byte[] captured = EslCapture.Read("esl-badauth.bin");
        string refusal = System.Text.Encoding.ASCII.GetString(captured[92..]);
        EslOutcome outcome = await TryAsync(user: null, async peer =>
        {
            await peer.SayAsync(FakeEventSocket.Greeting);
            await peer.HearAsync();
            await peer.SayAsync(refusal);
        });

        Assert.Equal(EslDisconnectReason.WrongPassword, outcome.Reason);
        Assert.Contains("event_socket.conf.xml", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("ESL_PASS", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_user_names_the_directory()
    {
        EslOutcome outcome = await TryAsync("hep@example.org", async peer =>
        {
            await peer.SayAsync(FakeEventSocket.Greeting);
            await peer.HearAsync();
            await peer.SayAsync("Content-Type: command/reply\nReply-Text: -ERR invalid\n\n");
        });

        Assert.Equal(EslDisconnectReason.WrongPassword, outcome.Reason);
        Assert.Contains("esl-password", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejection_by_the_access_list_names_the_setting()
    {
        byte[] captured = EslCapture.Read("esl-rude-rejection.bin");
        EslOutcome outcome = await TryAsync(user: null, async peer => await peer.SayAsync(System.Text.Encoding.ASCII.GetString(captured)));

        Assert.Equal(EslDisconnectReason.Rejected, outcome.Reason);
        Assert.Contains("apply-inbound-acl", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("loopback.auto", outcome.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", EslDisconnectReason.NotAnEventSocket)]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian\r\n", EslDisconnectReason.NotAnEventSocket)]
    [InlineData("Content-Type: text/html\n\n", EslDisconnectReason.NotAnEventSocket)]
    [InlineData("", EslDisconnectReason.NotAnEventSocket)]
    [InlineData(FakeEventSocket.Goodbye, EslDisconnectReason.DisconnectNotice)]
    public async Task Anything_but_a_greeting_is_reported(string said, EslDisconnectReason reason)
    {
        EslOutcome outcome = await TryAsync(user: null, async peer =>
        {
            if (said.Length > 0)
            {
                await peer.SayAsync(said);
            }

            peer.Dispose();
        });

        Assert.Equal(reason, outcome.Reason);
        Assert.Contains("127.0.0.1", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_close_after_the_password_is_reported()
    {
        EslOutcome outcome = await TryAsync(user: null, async peer =>
        {
            await peer.SayAsync(FakeEventSocket.Greeting);
            await peer.HearAsync();
            peer.Dispose();
        });

        Assert.Equal(EslDisconnectReason.Closed, outcome.Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_is_reported_after_the_timeout(bool greeted)
    {
        ManualTime time = new();
        using FakeEventSocket peers = new();
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", peers.Port);
        using EslConnection connection = new(socket);
        using FakeEventSocket.Peer peer = await peers.AcceptAsync();
        Task<EslOutcome> login = EslLogin.RunAsync(connection, peers.Endpoint(password: Secret), TimeSpan.FromSeconds(7), time, CancellationToken.None);
        if (greeted)
        {
            await peer.SayAsync(FakeEventSocket.Greeting);
            await peer.HearAsync();
        }

        time.Advance(TimeSpan.FromSeconds(7));
        EslOutcome outcome = await login;

        Assert.Equal(EslDisconnectReason.TimedOut, outcome.Reason);
        Assert.Contains(greeted ? "'auth'" : "no event socket greeting", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_with_a_line_break_is_never_sent()
    {
        using FakeEventSocket peers = new();
        EslEndpoint endpoint = peers.Endpoint(password: "x\n\napi fsctl shutdown");

        (EslConnection? connection, EslOutcome outcome) =
            await EslConnector.OpenAsync(endpoint, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);

        Assert.Null(connection);
        Assert.Equal(EslDisconnectReason.WrongPassword, outcome.Reason);
        Assert.DoesNotContain("shutdown", outcome.Message, StringComparison.Ordinal);
        using FakeEventSocket.Peer peer = await peers.AcceptAsync();
        Assert.Equal("", await peer.HearAsync());
    }

    [Fact]
    public async Task A_closed_port_gives_advice()
    {
        EslEndpoint endpoint;
        using (FakeEventSocket peers = new())
        {
            endpoint = peers.Endpoint();
        }

        (EslConnection? connection, EslOutcome outcome) =
            await EslConnector.OpenAsync(endpoint, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);

        Assert.Null(connection);
        Assert.Equal(EslDisconnectReason.CannotConnect, outcome.Reason);
        Assert.Contains("mod_event_socket", outcome.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    public async Task Names_and_addresses_of_both_families_work(string server)
    {
        bool six = server.Contains("::1", StringComparison.Ordinal);
        Assert.SkipWhen(six && !Socket.OSSupportsIPv6, "This host has no IPv6.");
        using FakeEventSocket peers = new(six ? IPAddress.IPv6Loopback : IPAddress.Loopback);
        Task<(EslConnection? Connection, EslOutcome Outcome)> opening = EslConnector.OpenAsync(
            new EslEndpoint(server, peers.Port, null, Secret), TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);
        using FakeEventSocket.Peer peer = await peers.AcceptAsync();
        await peer.SayAsync(FakeEventSocket.Greeting);
        await peer.HearAsync();
        await peer.SayAsync(FakeEventSocket.Accepted);
        (EslConnection? connection, EslOutcome outcome) = await opening;
        using EslConnection? opened = connection;

        Assert.True(outcome.IsSuccess, outcome.Message);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_names_the_setting()
    {
        (EslConnection? connection, EslOutcome outcome) = await EslConnector.OpenAsync(
            new EslEndpoint(new string('a', 300), 8021, null, Secret), TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);

        Assert.Null(connection);
        Assert.Equal(EslDisconnectReason.NameNotResolved, outcome.Reason);
        Assert.Contains("ESL_SERVER", outcome.Message, StringComparison.Ordinal);
    }

    private static async Task<EslOutcome> TryAsync(string? user, Func<FakeEventSocket.Peer, Task> script)
    {
        using FakeEventSocket peers = new();
        Task<(EslConnection? Connection, EslOutcome Outcome)> opening =
            EslConnector.OpenAsync(peers.Endpoint(user, Secret), TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);
        using FakeEventSocket.Peer peer = await peers.AcceptAsync();
        await script(peer);
        (EslConnection? connection, EslOutcome outcome) = await opening;
        Assert.Equal(outcome.IsSuccess, connection is not null);
        connection?.Dispose();
        Assert.DoesNotContain(Secret, outcome.Message, StringComparison.Ordinal);
        return outcome;
    }
}
