using System.Globalization;

namespace HepBridge.FreeSwitch.Events;

/// <summary>The levels of FreeSWITCH's log, by number.</summary>
public static class LogLevels
{
    public const int Debug = 7;

    public static IReadOnlyList<string> Names { get; } = ["CONSOLE", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"];

    /// <summary>The level of a name or number; null if there is none.</summary>
    public static int? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number < Names.Count ? number : null;
        }

        return Names.Select((name, level) => name.Equals(text, StringComparison.OrdinalIgnoreCase) ? level : (int?)null).FirstOrDefault(level => level is not null);
    }
}
