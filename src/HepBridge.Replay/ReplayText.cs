using System.Text;

namespace HepBridge.Replay;

/// <summary>The bytes of mod_event_socket's side of the conversation.</summary>
internal static class ReplayText
{
    public const string Greeting = "Content-Type: auth/request\n\n";

    public const string RudeRejection = "Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n";

    public const string DisconnectNotice =
        "Content-Type: text/disconnect-notice\nContent-Length: 67\n\nDisconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n";

    public static string Reply(string text) => $"Content-Type: command/reply\nReply-Text: {text}\n\n";

    public static byte[] ApiResponse(ReadOnlySpan<byte> body) =>
        [.. Encoding.ASCII.GetBytes($"Content-Type: api/response\nContent-Length: {body.Length}\n\n"), .. body];
}
