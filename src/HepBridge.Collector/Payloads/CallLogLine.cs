using System.Buffers;
using System.Text;
using System.Text.Json;

namespace HepBridge.Collector.Payloads;

/// <summary>
/// A call event in a type-100 packet: <c>STATE from → to; cause; callid=… uuid=… [other=…] seq=N time=…</c>, or the same as a flat JSON object of
/// FreeSWITCH's headers. Fields that are not there are empty.
/// </summary>
internal sealed record CallLogLine(string State, string From, string To, string Cause, string Uuid, string Other, string Detail)
{
    private const int MaxValue = 256;
    private const string ConferenceKey = "conference=";
    private const string Arrow = " → ";
    private static readonly SearchValues<char> _stateLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    /// <summary>Whether it says that the switch made this leg, for <see cref="Other"/> if that is there.</summary>
    public bool IsOutbound { get; init; }

    /// <summary>Id of the conference that the leg was in, or empty.</summary>
    public string Conference { get; init; } = string.Empty;

    /// <summary>Reads an event; false for any other text, which then is a log line.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out CallLogLine line)
    {
        line = null!;
        ReadOnlySpan<byte> trimmed = payload.Trim(" \t\r\n"u8);
        if (trimmed.IsEmpty)
        {
            return false;
        }

        return trimmed[0] == (byte)'{' ? TryParseJson(trimmed, out line) : TryParseText(trimmed, out line);
    }

    private static bool TryParseText(ReadOnlySpan<byte> payload, out CallLogLine line)
    {
        line = null!;
        string text = Encoding.UTF8.GetString(payload.Length > 4096 ? payload[..4096] : payload);
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !IsState(text.AsSpan(0, space)))
        {
            return false;
        }

        int end = text.IndexOf(';', StringComparison.Ordinal);
        string head = end < 0 ? text[space..] : text[space..end];
        int arrow = head.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0)
        {
            return false;
        }

        string cause = string.Empty, uuid = string.Empty, other = string.Empty, conference = string.Empty;
        List<string> detail = [];
        foreach (string part in (end < 0 ? string.Empty : text[(end + 1)..]).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            bool identity = part.StartsWith("callid=", StringComparison.Ordinal) || part.StartsWith("uuid=", StringComparison.Ordinal);
            if (!identity)
            {
                detail.Add(part);
                cause = cause.Length == 0 && !part.Contains('=', StringComparison.Ordinal) ? part : cause;
                continue;
            }

            foreach (string word in part.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                uuid = word.StartsWith("uuid=", StringComparison.Ordinal) ? word[5..] : uuid;
                other = word.StartsWith("other=", StringComparison.Ordinal) ? word[6..] : other;
                conference = word.StartsWith(ConferenceKey, StringComparison.Ordinal) ? word[ConferenceKey.Length..] : conference;
            }
        }

        line = new CallLogLine(
            text[..space], Party(head[..arrow]), Party(head[(arrow + Arrow.Length)..]), Cut(cause), Cut(uuid), Cut(other), Cut(string.Join("; ", detail)))
        {
            IsOutbound = text.StartsWith("CREATE ", StringComparison.Ordinal) && detail is ["outbound", ..],
            Conference = Cut(conference),
        };
        return true;
    }

    private static bool TryParseJson(ReadOnlySpan<byte> payload, out CallLogLine line)
    {
        line = null!;
        if (!Json.TryParse(payload, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            string name = First(root, "state", "Event-Name");
            name = name.StartsWith("CHANNEL_", StringComparison.Ordinal) ? name[8..] : name;
            if (!IsState(name))
            {
                return false;
            }

            string cause = Cut(Json.Text(root, "Hangup-Cause"));
            string digit = Json.Text(root, "DTMF-Digit");
            line = new CallLogLine(
                name,
                Party(First(root, "from", "Caller-Caller-ID-Number")),
                Party(First(root, "to", "Caller-Destination-Number")),
                cause,
                Cut(Json.Text(root, "Unique-ID")),
                Cut(Json.Text(root, "Other-Leg-Unique-ID")),
                digit.Length > 0 ? Cut("digit=" + digit) : cause)
            {
                IsOutbound = Json.Text(root, "Other-Type") == "originator" || (name == "CREATE" && Json.Text(root, "Call-Direction") == "outbound"),
                Conference = Cut(First(root, "variable_conference_uuid", "Conference-Unique-ID")),
            };
            return true;
        }
    }

    // CREATE, HANGUP_COMPLETE, DTMF …, and mod_sofia's own events of transfers.
    private static bool IsState(ReadOnlySpan<char> word) =>
        word.Length is >= 2 and <= 40 && (!word.ContainsAnyExcept(_stateLetters) || word is "sofia::transferor" or "sofia::transferee" or "sofia::replaced");

    private static string First(JsonElement root, string name, string otherwise) =>
        Json.Text(root, name) is { Length: > 0 } text ? text : Json.Text(root, otherwise);

    // A question mark means a party that the switch did not name.
    private static string Party(string value) => value.Trim() is var name && name == "?" ? string.Empty : Cut(name);

    private static string Cut(string value) => value.Length > MaxValue ? value[..MaxValue] : value;
}
