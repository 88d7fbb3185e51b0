using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

/// <summary>A switch's event socket on loopback. The test plays the switch for each client that it accepts, or has all of them served.</summary>
internal sealed class FakeEventSocket : IDisposable
{
    public const string Greeting = "Content-Type: auth/request\n\n";
    public const string Accepted = "Content-Type: command/reply\nReply-Text: +OK accepted\n\n";
    public const string Enabled = "Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n";
    public const string Goodbye = "Content-Type: text/disconnect-notice\nContent-Length: 67\n\nDisconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n";

    // A client that never comes, or never speaks, fails its test by name.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly TcpListener _listener;

    public FakeEventSocket(IPAddress? address = null)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public EslEndpoint Endpoint(string? user = null, string password = "ClueCon") => new("127.0.0.1", Port, user, password);

    public static string Event(string name, string more = "") => Frame($"Event-Name: {name}\n{more}\n");

    /// <summary>An event's text in its frame.</summary>
    public static string Frame(string body) => $"Content-Length: {body.Length}\nContent-Type: text/event-plain\n\n{body}";

    public static string Api(string body) => $"Content-Type: api/response\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\n\n{body}";

    public async Task<Peer> AcceptAsync() => new(await _listener.AcceptSocketAsync().WaitAsync(_patience));

    /// <summary>Accepts a client and plays login and subscription; returns the subscription's command.</summary>
    public async Task<(Peer Peer, string Subscription)> AcceptAndLogInAsync()
    {
        Peer peer = await AcceptAsync();
        await peer.SayAsync(Greeting);
        string login = await peer.HearAsync();
        if (login != "auth ClueCon")
        {
            throw new InvalidOperationException($"The client logs in with '{login}'.");
        }

        await peer.SayAsync(Accepted);
        string subscription = await peer.HearAsync();
        await peer.SayAsync(Enabled);
        return (peer, subscription);
    }

    /// <summary>Serves all clients until canceled.</summary>
    /// <param name="answer">The answer to a command.</param>
    /// <param name="play">Started once a client has subscribed to events.</param>
    /// <param name="stop">Ends it.</param>
    public async Task ServeAsync(Func<string, string> answer, Func<Peer, CancellationToken, Task> play, CancellationToken stop)
    {
        List<Task> clients = [];
        try
        {
            while (true)
            {
                Peer peer = new(await _listener.AcceptSocketAsync(stop));
                clients.RemoveAll(client => client.IsCompletedSuccessfully);
                clients.Add(ServeAsync(peer, answer, play, stop));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        await Task.WhenAll(clients);
    }

    public void Dispose() => _listener.Dispose();

    private static async Task ServeAsync(Peer peer, Func<string, string> answer, Func<Peer, CancellationToken, Task> play, CancellationToken stop)
    {
        using (peer)
        using (CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            Task playing = Task.CompletedTask;
            try
            {
                await peer.SayAsync(Greeting, ended.Token);
                while (await peer.HearAsync(Timeout.InfiniteTimeSpan, ended.Token) is { Length: > 0 } command)
                {
                    await peer.SayAsync(answer(command), ended.Token);
                    if (command.StartsWith("event ", StringComparison.Ordinal) && playing.IsCompleted)
                    {
                        playing = PlayAsync(peer, play, ended.Token);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The client has left, or the test is over.
            }

            await ended.CancelAsync();
            await playing;
        }
    }

    private static async Task PlayAsync(Peer peer, Func<Peer, CancellationToken, Task> play, CancellationToken cancellationToken)
    {
        try
        {
            await play(peer, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // As above.
        }
    }

    /// <summary>The switch's side of one connection.</summary>
    internal sealed class Peer(Socket socket) : IDisposable
    {
        private readonly SemaphoreSlim _sending = new(1, 1);
        private readonly StringBuilder _heard = new();

        public Socket Socket => socket;

        public Task SayAsync(string text, CancellationToken cancellationToken = default) => SendAsync(Encoding.UTF8.GetBytes(text), null, cancellationToken);

        /// <summary>Sends all bytes; calls <paramref name="sent"/> with the number of bytes that each system call took.</summary>
        public async Task SendAsync(ReadOnlyMemory<byte> bytes, Action<int>? sent, CancellationToken cancellationToken)
        {
            await _sending.WaitAsync(cancellationToken);
            try
            {
                while (!bytes.IsEmpty)
                {
                    int count = await socket.SendAsync(bytes, cancellationToken);
                    sent?.Invoke(count);
                    bytes = bytes[count..];
                }
            }
            finally
            {
                _sending.Release();
            }
        }

        /// <summary>The next command, without its blank line; empty at the end of the stream.</summary>
        public Task<string> HearAsync() => HearAsync(_patience, CancellationToken.None);

        internal async Task<string> HearAsync(TimeSpan patience, CancellationToken cancellationToken)
        {
            byte[] bytes = new byte[4096];
            while (true)
            {
                string text = _heard.ToString();
                int end = text.IndexOf("\n\n", StringComparison.Ordinal);
                if (end >= 0)
                {
                    _heard.Remove(0, end + 2);
                    return text[..end];
                }

                int count = await socket.ReceiveAsync(bytes, cancellationToken).AsTask().WaitAsync(patience, CancellationToken.None);
                if (count == 0)
                {
                    return "";
                }

                _heard.Append(Encoding.UTF8.GetString(bytes, 0, count));
            }
        }

        /// <summary>Ends the connection with a reset.</summary>
        public void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }

        public void Dispose()
        {
            socket.Dispose();
            _sending.Dispose();
        }
    }
}
