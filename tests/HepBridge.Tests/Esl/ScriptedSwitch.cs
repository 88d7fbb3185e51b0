using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

/// <summary>A loopback listener for which the test plays the switch.</summary>
internal sealed class ScriptedSwitch : IDisposable
{
    public const string Greeting = "Content-Type: auth/request\n\n";
    public const string Accepted = "Content-Type: command/reply\nReply-Text: +OK accepted\n\n";
    public const string Enabled = "Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n";
    public const string Goodbye = "Content-Type: text/disconnect-notice\nContent-Length: 67\n\nDisconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n";

    private readonly TcpListener _listener;

    public ScriptedSwitch(IPAddress? address = null)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public EslEndpoint Endpoint(string? user = null, string password = "ClueCon") => new("127.0.0.1", Port, user, password);

    public async Task<Peer> AcceptAsync() => new(await _listener.AcceptSocketAsync());

    /// <summary>Accepts a client and plays login and subscription; returns the subscription's command.</summary>
    public async Task<(Peer Peer, string Subscription)> AcceptAndLogInAsync()
    {
        Peer peer = await AcceptAsync();
        await peer.SayAsync(Greeting);
        Assert.Equal("auth ClueCon", await peer.HearAsync());
        await peer.SayAsync(Accepted);
        string subscription = await peer.HearAsync();
        await peer.SayAsync(Enabled);
        return (peer, subscription);
    }

    public static string Event(string name, string more = "")
    {
        string body = $"Event-Name: {name}\n{more}\n";
        return $"Content-Length: {body.Length}\nContent-Type: text/event-plain\n\n{body}";
    }

    public static string Api(string body) => $"Content-Type: api/response\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\n\n{body}";

    public void Dispose() => _listener.Dispose();

    internal sealed class Peer(Socket socket) : IDisposable
    {
        private readonly StringBuilder _heard = new();

        public async Task SayAsync(string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text));

        /// <summary>The next command, without its blank line; empty at the end of the stream.</summary>
        public async Task<string> HearAsync()
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

                int count = await socket.ReceiveAsync(bytes);
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

        public void Dispose() => socket.Dispose();
    }
}
