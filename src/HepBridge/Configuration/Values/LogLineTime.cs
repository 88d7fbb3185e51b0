using System.Globalization;

namespace HepBridge.Configuration.Values;

/// <summary>Parses the time of a log line (<c>time_format</c>).</summary>
internal static class LogLineTime
{
    /// <summary>Microseconds since 1970; null if the text does not have this format.</summary>
    /// <param name="text">The match of the group <c>time</c>.</param>
    /// <param name="format">
    /// A .NET date format, <c>unix</c> (seconds, with or without a fraction), <c>unix_ms</c>, <c>unix_us</c>, or null: ISO 8601
    /// with a space or T.
    /// </param>
    /// <param name="now">Supplies the year that syslog lines leave out.</param>
    public static long? Read(ReadOnlySpan<char> text, string? format, DateTimeOffset now)
    {
        switch (format)
        {
            case "unix":
                return FromUnix(text, 1_000_000);
            case "unix_ms":
                return FromUnix(text, 1_000);
            case "unix_us":
                return FromUnix(text, 1);
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeLocal | DateTimeStyles.AllowWhiteSpaces;
        bool isRead = format is null
            ? DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out DateTimeOffset time)
            : DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, Styles, out time);
        if (!isRead)
        {
            return null;
        }

        if (format is not null && !format.Contains('y', StringComparison.Ordinal) && time > now.AddDays(1))
        {
            // A line from December, read in January.
            time = time.AddYears(-1);
        }

        return (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>Whether a text is a valid format.</summary>
    public static bool IsFormat(string format)
    {
        if (format is "unix" or "unix_ms" or "unix_us")
        {
            return true;
        }

        try
        {
            string text = DateTimeOffset.UnixEpoch.ToString(format, CultureInfo.InvariantCulture);
            return format.Length > 1 && DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static long? FromUnix(ReadOnlySpan<char> text, long unit) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) && value < long.MaxValue / unit
            ? (long)(value * unit)
            : null;
}
