using System.Buffers;
using System.Text;
using System.Text.Json;

namespace HepBridge.Collector.Payloads;

/// <summary>
/// A call event in a type-100 packet: <c>STATE from → to; cause; callid=… uuid=… [other=…] seq=N time=…</c>, or the
/// same as a flat JSON object of FreeSWITCH's headers. Missing fields are empty.
/// </summary>
internal sealed record CallLogLine(string State, string From, string To, string Cause, string Uuid, string Other, string Detail)
{
    private const int MaxState = 40;
    private const int MaxValue = 256;
    private const string Arrow = " → ";
    private static readonly SearchValues<char> _stateLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    private static readonly string[] _identity = ["callid", "uuid", "other", "conference", "seq", "time"];

    /// <summary>The parts of a text other than fields: a cause, a direction, a codec.</summary>
    public IReadOnlyList<string> Details { get; private init; } = [];

    /// <summary>The <c>name=value</c> fields of a text.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; private init; } = [];

    /// <summary>Whether the switch created this leg, on behalf of <see cref="Other"/> if that is set.</summary>
    public bool IsOutbound { get; init; }

    /// <summary>Id of the conference that the leg was in, or empty.</summary>
    public string Conference { get; init; } = string.Empty;

    /// <summary>Parses an event; false for any other text, which then is a plain log line.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out CallLogLine line)
    {
        line = null!;
        ReadOnlySpan<byte> trimmed = payload.TrimStart(" \t\r\n"u8);
        if (trimmed.IsEmpty)
        {
            return false;
        }

        return trimmed[0] == (byte)'{' ? TryParseJson(trimmed, out line) : TryParseText(trimmed, out line);
    }

    private static bool TryParseText(ReadOnlySpan<byte> payload, out CallLogLine line)
    {
        line = null!;
        int space = payload.IndexOf((byte)' ');
        if (space is < 2 or > MaxState || !IsState(Encoding.UTF8.GetString(payload[..space])))
        {
            return false;
        }

        LineText parts = LineText.Parse(Encoding.UTF8.GetString(payload));
        int arrow = LineText.Find(parts.Head, Arrow, space);
        if (arrow < 0)
        {
            return false;
        }

        IEnumerable<string> own = parts.Fields.Where(static field => !_identity.Contains(field.Key)).Select(static field => $"{field.Key}={field.Value}");
        line = new CallLogLine(
            parts.Head[..space],
            Party(arrow > space ? parts.Head[(space + 1)..arrow] : string.Empty),
            Party(parts.Head[(arrow + Arrow.Length)..]),
            Cut(parts.Details.Count > 0 ? parts.Details[0] : string.Empty),
            Id(parts["uuid"]),
            Id(parts["other"]),
            Cut(string.Join("; ", parts.Details.Concat(own.Any() ? [string.Join(' ', own)] : Array.Empty<string>()))))
        {
            Details = parts.Details,
            Fields = parts.Fields,
            IsOutbound = parts.Head.StartsWith("CREATE ", StringComparison.Ordinal) && parts.Details is ["outbound", ..],
            Conference = Id(parts["conference"]),
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
                JsonParty(First(root, "from", "Caller-Caller-ID-Number")),
                JsonParty(First(root, "to", "Caller-Destination-Number")),
                cause,
                Id(Json.Text(root, "Unique-ID")),
                Id(Json.Text(root, "Other-Leg-Unique-ID")),
                digit.Length > 0 ? Cut("digit=" + digit) : cause)
            {
                IsOutbound = Json.Text(root, "Other-Type") == "originator" || (name == "CREATE" && Json.Text(root, "Call-Direction") == "outbound"),
                Conference = Id(First(root, "variable_conference_uuid", "Conference-Unique-ID")),
            };
            return true;
        }
    }

    // CREATE, HANGUP_COMPLETE, DTMF …, and mod_sofia's transfer events.
    private static bool IsState(ReadOnlySpan<char> word) =>
        word.Length is >= 2 and <= MaxState && (!word.ContainsAnyExcept(_stateLetters) || word is "sofia::transferor" or "sofia::transferee" or "sofia::replaced");

    private static string First(JsonElement root, string name, string otherwise) =>
        Json.Text(root, name) is { Length: > 0 } text ? text : Json.Text(root, otherwise);

    // A question mark means a party that the switch did not name; a literal one is escaped.
    private static string Party(string written) => written == "?" ? string.Empty : Cut(LineText.Unescape(written));

    private static string JsonParty(string value) => value.Trim() == "?" ? string.Empty : Cut(value);

    // Part of an identifier would be a different one.
    private static string Id(string value) => value.Length > MaxValue ? string.Empty : value;

    private static string Cut(string value) => value.Length > MaxValue ? value[..MaxValue] : value;
}
