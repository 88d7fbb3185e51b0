using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Replay;

/// <summary>One client's commands and the stand-in's replies, as in mod_event_socket's parse_command. Knows no socket.</summary>
internal sealed class ReplayResponder(Recording recording, ReplayServerOptions options, ReplayApi api)
{
    private bool _loggedIn;

    public ReplaySubscription Subscription { get; private set; } = new();

    /// <summary>Whether that was the last reply: the disconnect notice follows, then the end.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The bytes that answer one message: a command in its first line, possibly followed by headers, of which only <c>Job-UUID</c> matters.</summary>
    public byte[] Answer(string message)
    {
        string[] lines = message.Split('\n');
        string command = lines[0];
        int space = command.IndexOf(' ', StringComparison.Ordinal);
        string verb = space < 0 ? command : command[..space];
        string rest = space < 0 ? "" : command[(space + 1)..];
        if (verb.Equals("exit", StringComparison.OrdinalIgnoreCase) || verb == "...")
        {
            IsOver = true;
            return Reply("+OK bye");
        }

        if (!_loggedIn)
        {
            return LogIn(verb, rest);
        }

        switch (verb.ToLowerInvariant())
        {
            case "api":
                return ReplayText.ApiResponse(api.Execute(rest));
            case "bgapi":
                return Background(rest, lines);
            case "event":
                return Reply(Subscribe(rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            case "nixevent":
                bool nixed = Subscription.TryRemove(rest.Split(' ', StringSplitOptions.RemoveEmptyEntries), out ReplaySubscription less);
                Subscription = nixed ? less : Subscription;
                return Reply(nixed ? "+OK events nixed" : "-ERR no keywords supplied");
            case "noevents":
                Subscription = Subscription.WithoutEvents();
                return Reply("+OK no longer listening for events");
            case "log":
                return Reply(Log(rest));
            case "nolog":
                bool logging = Subscription.LogLevel >= 0;
                Subscription = Subscription with { LogLevel = -1 };
                return Reply(logging ? "+OK no longer logging" : "-ERR not loging");
            case "filter":
                return Reply(Filter(rest));
            default:
                return Reply("-ERR command not found");
        }
    }

    private static byte[] Reply(string text) => Encoding.UTF8.GetBytes(ReplayText.Reply(text));

    private byte[] LogIn(string verb, string rest)
    {
        if (verb.Equals("auth", StringComparison.OrdinalIgnoreCase))
        {
            _loggedIn = rest == options.Password;
            IsOver = !_loggedIn;
            return Reply(_loggedIn ? "+OK accepted" : "-ERR invalid");
        }

        if (verb.Equals("userauth", StringComparison.OrdinalIgnoreCase))
        {
            int colon = rest.IndexOf(':', StringComparison.Ordinal);
            string user = colon < 0 ? rest : rest[..colon];
            _loggedIn = colon >= 0 && rest[(colon + 1)..] == options.Password && user.Contains('@', StringComparison.Ordinal) && (options.User is null || options.User == user);
            IsOver = !_loggedIn;
            return Reply(_loggedIn ? "+OK accepted\nAllowed-Events: all\nAllowed-API: all\nAllowed-LOG: true" : "-ERR invalid");
        }

        return Reply("-ERR command not found");
    }

    private string Subscribe(string[] words)
    {
        string own = recording.IsJson ? "json" : "plain";
        string asked = words is [string first, ..] && first.ToLowerInvariant() is "plain" or "json" or "xml" ? words[0].ToLowerInvariant() : "";
        if (asked.Length == 0 ? recording.IsJson : asked != own)
        {
            return $"-ERR this recording contains {own} events: subscribe with 'event {own} …' (event_format: {own})";
        }

        if (!Subscription.TryAdd(words.Skip(asked.Length == 0 ? 0 : 1), out ReplaySubscription more))
        {
            return "-ERR no keywords supplied";
        }

        Subscription = more;
        return $"+OK event listener enabled {own}";
    }

    private string Log(string text)
    {
        if ((text.Length == 0 ? LogLevels.Debug : LogLevels.Find(text)) is not { } level)
        {
            return "-ERR invalid log level";
        }

        Subscription = Subscription with { LogLevel = level };
        return $"+OK log level {text} [{level}]";
    }

    private string Filter(string text)
    {
        string[] words = text.Split(' ', 3);
        switch (words)
        {
            case ["delete", string header, ..]:
                string value = words.Length > 2 ? words[2] : "";
                Subscription = Subscription.WithoutFilter(header, value);
                return $"+OK filter deleted. [{header}][{value}]";
            case ["add", string header, string added]:
                Subscription = Subscription.WithFilter(header, added);
                return $"+OK filter added. [{header}]=[{added}]";
            case [string header, _, ..]:
                string whole = text[(header.Length + 1)..];
                Subscription = Subscription.WithFilter(header, whole);
                return $"+OK filter added. [{header}]=[{whole}]";
            default:
                return "-ERR invalid syntax";
        }
    }

    private byte[] Background(string command, string[] lines)
    {
        const string OwnId = "Job-UUID: ";
        string? chosen = lines.FirstOrDefault(static line => line.StartsWith(OwnId, StringComparison.OrdinalIgnoreCase));
        string job = chosen?[OwnId.Length..] ?? Guid.NewGuid().ToString();
        byte[] reply = Encoding.UTF8.GetBytes($"Content-Type: command/reply\nReply-Text: +OK Job-UUID: {job}\nJob-UUID: {job}\n\n");
        if (!Subscription.Wants("BACKGROUND_JOB") || recording.IsJson)
        {
            return reply;
        }

        byte[] output = api.Execute(command);
        string head = $"Event-Name: BACKGROUND_JOB\nJob-UUID: {job}\nJob-Command: {Uri.EscapeDataString(command)}\nContent-Length: {output.Length}\n\n";
        byte[] body = [.. Encoding.UTF8.GetBytes(head), .. output];
        return [.. reply, .. Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\nContent-Type: text/event-plain\n\n"), .. body];
    }
}

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
