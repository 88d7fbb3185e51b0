using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Checks;

/// <summary>A healthy switch; each test breaks one answer. Serves one client at a time.</summary>
internal sealed class AnsweringSwitch : IAsyncDisposable
{
    public const string SofiaConf =
        """
        <configuration name="sofia.conf">
          <global_settings><param name="capture-server" value="udp:10.0.0.9:9060;hep=3;capture_id=100"/></global_settings>
          <profiles>
            <profile name="internal"><gateways/><settings>
              <param name="rtcp-audio-interval-msec" value="5000"/><param name="sip-capture" value="yes"/>
            </settings></profile>
          </profiles>
        </configuration>
        """;

    private readonly FakeEventSocket _switch = new();
    private readonly Task _serving;

    public AnsweringSwitch() => _serving = ServeAsync();

    public int Port => _switch.Port;

    /// <summary>Sent instead of the greeting; the connection then ends.</summary>
    public string? InsteadOfGreeting { get; set; }

    /// <summary>Whether a login is accepted.</summary>
    public bool Accepts { get; set; } = true;

    /// <summary>The reply to a command of this name: an <c>api</c> command's output, or the text of a <c>command/reply</c>.</summary>
    public Dictionary<string, Func<string>> Answers { get; } = new()
    {
        ["api version"] = () => "FreeSWITCH Version 1.10.12-release+git~64bit (64bit)\n",
        ["api strmicroepoch"] = () => Microseconds(TimeSpan.Zero),
        ["api xml_locate configuration configuration name sofia.conf"] = () => SofiaConf,
        ["api global_getvar fire_rtcp_events"] = () => "true",
    };

    /// <summary>Sent after each subscription.</summary>
    public string Events { get; set; } = FakeEventSocket.Event("HEARTBEAT", "Core-UUID: 1\n");

    /// <summary>Whether the connection ends after the last subscription.</summary>
    public bool Closes { get; set; }

    public static string Microseconds(TimeSpan ahead) =>
        ((DateTimeOffset.UtcNow + ahead - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _switch.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using FakeEventSocket.Peer peer = await _switch.AcceptAsync();
                await TalkAsync(peer);
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(FakeEventSocket.Peer peer)
    {
        if (InsteadOfGreeting is { } other)
        {
            await peer.SayAsync(other);
            return;
        }

        await peer.SayAsync(FakeEventSocket.Greeting);
        if (await peer.HearAsync() is "" || !Accepts)
        {
            await peer.SayAsync("Content-Type: command/reply\nReply-Text: -ERR invalid\n\n" + FakeEventSocket.Goodbye);
            return;
        }

        await peer.SayAsync(FakeEventSocket.Accepted);
        while (await peer.HearAsync() is { Length: > 0 } command)
        {
            string answer = Answers.TryGetValue(command, out Func<string>? made) ? made() : "+OK event listener enabled plain";
            await peer.SayAsync(
                answer is "-ERR permission denied" || !command.StartsWith("api ", StringComparison.Ordinal)
                    ? $"Content-Type: command/reply\nReply-Text: {answer}\n\n"
                    : FakeEventSocket.Api(answer));
            if (!command.StartsWith("api ", StringComparison.Ordinal))
            {
                await peer.SayAsync(Events);
            }

            if (Closes && command.StartsWith("log ", StringComparison.Ordinal))
            {
                return;
            }
        }
    }
}
