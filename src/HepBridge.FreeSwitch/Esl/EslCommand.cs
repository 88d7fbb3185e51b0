namespace HepBridge.FreeSwitch.Esl;

/// <summary>Validates commands and shortens them for messages.</summary>
public static class EslCommand
{
    /// <summary>Whether the text is safe in a command: a line feed would start another one, a NUL ends it for the switch.</summary>
    public static bool IsOneLine(string text) => !text.AsSpan().ContainsAny('\n', '\r', '\0');

    /// <summary>The command as safe to show: logins without their arguments, others shortened to 80 characters.</summary>
    internal static string Redacted(string command)
    {
        if (command.StartsWith("auth ", StringComparison.Ordinal) || command.StartsWith("userauth ", StringComparison.Ordinal))
        {
            return command[..command.IndexOf(' ', StringComparison.Ordinal)];
        }

        return command.Length <= 80 ? command : string.Concat(command.AsSpan(0, 80), "…");
    }
}
