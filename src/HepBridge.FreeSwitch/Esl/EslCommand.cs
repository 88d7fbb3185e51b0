namespace HepBridge.FreeSwitch.Esl;

/// <summary>What a command may look like, and how it is named in a message.</summary>
public static class EslCommand
{
    /// <summary>Whether the text can stand in a command: a line feed would begin another one, a NUL ends it for the switch.</summary>
    public static bool IsOneLine(string text) => !text.AsSpan().ContainsAny('\n', '\r', '\0');

    /// <summary>The command without what follows its first word, for logins, and shortened to 80 characters otherwise: safe to show.</summary>
    internal static string Redacted(string command)
    {
        if (command.StartsWith("auth ", StringComparison.Ordinal) || command.StartsWith("userauth ", StringComparison.Ordinal))
        {
            return command[..command.IndexOf(' ', StringComparison.Ordinal)];
        }

        return command.Length <= 80 ? command : string.Concat(command.AsSpan(0, 80), "…");
    }
}
