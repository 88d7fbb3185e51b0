using System.Diagnostics.CodeAnalysis;

namespace HepBridge.Configuration.Values;

/// <summary>Kinds of value that are text with rules.</summary>
internal static class TextValues
{
    /// <summary>Any text on one line.</summary>
    public static ValueParser<string> Line { get; } = Kind("a text on one line", "write some characters, none of them a control character", text =>
        text.Length > 0 && !text.Any(char.IsControl));

    /// <summary>A path of a file or directory.</summary>
    public static ValueParser<string> FilePath { get; } = Kind("a path", "write the path of a file", text => text.Length > 0 && !text.Any(char.IsControl));

    /// <summary>An authentication key that Homer can store: collectors put it unescaped into JSON.</summary>
    public static ValueParser<string> AuthKey { get; } = Kind(
        "a key that Homer can store",
        "write at most 255 printable ASCII characters without \" and \\",
        text => text.Length < 256 && text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\')));

    /// <summary>A node name: collectors put it unescaped into JSON and labels.</summary>
    public static ValueParser<string> NodeName { get; } = Kind(
        "a node name",
        "write at most 64 characters of A-Z, a-z, 0-9, and . _ : -",
        text => text.Length < 65 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-'));

    /// <summary>A user of FreeSWITCH's directory, for <c>userauth</c>.</summary>
    public static ValueParser<string> User { get; } = Kind(
        "a user",
        "write user@domain, without spaces and without a colon",
        text => IsOneWord(text) && !text.Contains(':', StringComparison.Ordinal));

    /// <summary>An event's name.</summary>
    public static ValueParser<string> EventName { get; } = new(
        "an event name",
        "write a name of FreeSWITCH's, such as CHANNEL_EXECUTE",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text.ToUpperInvariant();
            return text.Length is > 0 and < 65 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        });

    /// <summary>A CUSTOM event's subclass; it becomes a part of the subscription command.</summary>
    public static ValueParser<string> Subclass { get; } = Kind("a subclass", "write one such as conference::maintenance, without spaces", IsOneWord);

    /// <summary>A glob over header names.</summary>
    public static ValueParser<string> Glob { get; } = Kind("a pattern", "write a header name, with * for any characters", IsOneWord);

    /// <summary>A channel variable's name.</summary>
    public static ValueParser<string> Variable { get; } = Kind(
        "a channel variable",
        "write its name without \"variable_\", such as sip_h_X-CID",
        text => IsOneWord(text) && !text.StartsWith("variable_", StringComparison.OrdinalIgnoreCase));

    /// <summary>A network interface's name, or an address of it.</summary>
    public static ValueParser<string> Interface { get; } = Kind("an interface", "write its name, such as eth0, or its address", IsOneWord);

    private static bool IsOneWord(string text) => text.Length is > 0 and < 256 && text.All(c => c is > ' ' and <= '~');

    private static ValueParser<string> Kind(string noun, string advice, Func<string, bool> isOne) =>
        new(noun, advice, (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return isOne(text);
        });
}
