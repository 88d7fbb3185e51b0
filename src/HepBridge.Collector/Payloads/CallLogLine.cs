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
        ReadOnlySpan<byte> trimmed = payload.TrimStart(" \t\r\n"u8);
        line = (trimmed is [(byte)'{', ..] ? Json.Read(trimmed, ReadJson) : ReadText(trimmed))!;
        return line is not null;
    }

    private static CallLogLine? ReadText(ReadOnlySpan<byte> payload)
    {
        int space = payload.IndexOf((byte)' ');
        if (space is < 2 or > MaxState || !IsState(Encoding.UTF8.GetString(payload[..space])))
        {
            return null;
        }

        LineText parts = LineText.Parse(Encoding.UTF8.GetString(payload));
        int arrow = LineText.Find(parts.Head, Arrow, space);
        if (arrow < 0)
        {
            return null;
        }

        IEnumerable<string> own = parts.Fields.Where(static field => !_identity.Contains(field.Key)).Select(static field => $"{field.Key}={field.Value}");
        return new CallLogLine(
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
    }

    private static CallLogLine? ReadJson(JsonElement root)
    {
        string name = First(root, "state", "Event-Name");
        name = name.StartsWith("CHANNEL_", StringComparison.Ordinal) ? name[8..] : name;
        if (!IsState(name))
        {
            return null;
        }

        string cause = Cut(Json.Text(root, "Hangup-Cause"));
        string digit = Json.Text(root, "DTMF-Digit");
        return new CallLogLine(
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

/// <summary>The start of a registration report in a type-100 packet: <c>REGISTER 1000@example.net on …; contact=…</c>.</summary>
internal sealed record RegistrationLine(string What, string User)
{
    private const int MaxLine = 1024;

    public bool Refused => What == "REGISTER_FAILURE";

    public static bool TryParse(ReadOnlySpan<byte> payload, out RegistrationLine line)
    {
        ReadOnlySpan<byte> head = payload.Length > MaxLine ? payload[..MaxLine] : payload;
        string[] words = LineText.Parse(Encoding.UTF8.GetString(head)).Head.Split(' ', 3);
        bool known = words.Length > 1 && words[0] is ("REGISTER" or "UNREGISTER" or "EXPIRE" or "REGISTER_FAILURE");
        line = known ? new RegistrationLine(words[0], LineText.Unescape(words[1])) : null!;
        return line is not null;
    }
}

/// <summary>A conference event in a type-100 packet: <c>conference::maintenance add-member; Conference-Name=… Conference-Unique-ID=…</c>.</summary>
internal static class ConferenceLine
{
    private const int MaxLine = 4096;

    /// <summary>Parses the conference's id, which all its members share.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out string conference)
    {
        ReadOnlySpan<byte> key = "Conference-Unique-ID="u8;
        ReadOnlySpan<byte> line = payload.Length > MaxLine ? payload[..MaxLine] : payload;
        int at = line.StartsWith("conference::"u8) ? line.IndexOf(key) : -1;
        ReadOnlySpan<byte> value = at < 0 ? default : line[(at + key.Length)..];
        int end = value.IndexOfAny(" ;\r\n"u8);
        conference = Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
        return conference.Length > 0;
    }
}
