using System.Globalization;

namespace HepBridge.Replay;

/// <summary>The levels of FreeSWITCH's log, by name or number.</summary>
internal static class ReplayLogLevels
{
    private static readonly string[] _names = ["CONSOLE", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"];

    /// <summary>0–7; DEBUG for an empty text; null for an unknown level.</summary>
    public static int? Find(string text)
    {
        if (text.Length == 0)
        {
            return 7;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number <= 7 ? number : null;
        }

        int index = Array.FindIndex(_names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : null;
    }
}
