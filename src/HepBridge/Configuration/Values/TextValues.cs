using System.Diagnostics.CodeAnalysis;

namespace HepBridge.Configuration.Values;

/// <summary>Kinds of values that are text with rules.</summary>
internal static class TextValues
{
    public static ValueParser<string> Line { get; } = Kind("a single line of text", "write at least one character and no control characters", text =>
        text.Length > 0 && !text.Any(char.IsControl));

    public static ValueParser<string> FilePath { get; } = Kind("a path", "write the path of a file", text => text.Length > 0 && !text.Any(char.IsControl));

    /// <summary>An authentication key that Homer can store: collectors put it into JSON without escaping.</summary>
    public static ValueParser<string> AuthKey { get; } = Kind(
        "a key Homer can store",
        "write at most 255 printable ASCII characters without \" and \\",
        text => text.Length < 256 && text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\')));

    /// <summary>A node name: collectors put it into JSON and labels without escaping.</summary>
    public static ValueParser<string> NodeName { get; } = Kind(
        "a node name",
        "write at most 64 of the characters A-Z, a-z, 0-9, and . _ : -",
        text => text.Length < 65 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-'));

    /// <summary>A user of FreeSWITCH's directory, for <c>userauth</c>.</summary>
    public static ValueParser<string> User { get; } = Kind(
        "a user",
        "write user@domain, without spaces or colons",
        text => IsOneWord(text) && !text.Contains(':', StringComparison.Ordinal));

    public static ValueParser<string> EventName { get; } = new(
        "an event name",
        "write the name of a FreeSWITCH event, such as CHANNEL_EXECUTE",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text.ToUpperInvariant();
            return text.Length is > 0 and < 65 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        });

    /// <summary>A CUSTOM event's subclass, which becomes part of the subscription command.</summary>
    public static ValueParser<string> Subclass { get; } = Kind("a subclass", "write one such as conference::maintenance, without spaces", IsOneWord);

    public static ValueParser<string> Glob { get; } = Kind("a pattern", "write a header name, with * for any characters", IsOneWord);

    public static ValueParser<string> MaskPattern { get; } = Kind("a mask", "write one such as password=*, key-mgmt:** or *:*@", Masking.ValueMask.IsPattern);

    public static ValueParser<string> Variable { get; } = Kind(
        "a channel variable",
        "write its name without \"variable_\", such as sip_h_X-CID",
        text => IsOneWord(text) && !text.StartsWith("variable_", StringComparison.OrdinalIgnoreCase));

    /// <summary>The name of a queue or an exchange, or a routing key: AMQP's short string.</summary>
    public static ValueParser<string> AmqpName { get; } = Kind(
        "a name AMQP allows", "write 1 to 200 characters, no control characters, not starting with amq", text =>
        text.Length is > 0 and <= 200 && !text.Any(char.IsControl) && !text.StartsWith("amq.", StringComparison.Ordinal));

    public static ValueParser<string> BindingKey { get; } = Kind(
        "a binding key", "write words with dots between them, * for one word, # for any number, such as FreeSWITCH.*.HEARTBEAT.#", text =>
        text.Length is > 0 and <= 255 && text.All(c => c is > ' ' and <= '~'));

    /// <summary>A network interface, by name or address.</summary>
    public static ValueParser<string> Interface { get; } = Kind("an interface", "write its name, such as eth0, or its address", IsOneWord);

    private static bool IsOneWord(string text) => text.Length is > 0 and < 256 && text.All(c => c is > ' ' and <= '~');

    private static ValueParser<string> Kind(string noun, string advice, Func<string, bool> isOne) =>
        new(noun, advice, (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return isOne(text);
        });
}
