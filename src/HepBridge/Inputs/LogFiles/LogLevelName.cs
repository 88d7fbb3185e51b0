namespace HepBridge.Inputs.LogFiles;

/// <summary>
/// Level names in log files, mapped to FreeSWITCH's numbers: 0 console, 1 alert, 2 crit, 3 err, 4 warning, 5 notice, 6
/// info, 7 debug.
/// </summary>
internal static class LogLevelName
{
    private static readonly (string Name, int Level)[] _names =
    [
        ("console", 0), ("emerg", 0), ("alert", 1), ("crit", 2), ("fatal", 2), ("err", 3), ("warn", 4), ("notice", 5), ("info", 6), ("debug", 7), ("trace", 7), ("verbose", 7),
    ];

    /// <summary>The level of a name or of a longer form of it (<c>ERROR</c>, <c>Critical</c>), or of a digit; null if unknown.</summary>
    public static int? Find(ReadOnlySpan<char> text)
    {
        if (text is [>= '0' and <= '7' and char digit])
        {
            return digit - '0';
        }

        foreach ((string name, int level) in _names)
        {
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return level;
            }
        }

        return null;
    }
}
