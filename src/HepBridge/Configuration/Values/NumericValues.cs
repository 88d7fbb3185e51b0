using System.Globalization;

namespace HepBridge.Configuration.Values;

/// <summary>Kinds of values that are numbers, durations or sizes.</summary>
internal static class NumericValues
{
    private static readonly (string Unit, double Milliseconds)[] _timeUnits =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("", 1_000)];

    private static readonly (string Unit, double Bytes)[] _sizeUnits =
        [("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1L << 40), ("B", 1), ("", 1)];

    public static ValueParser<int> Port { get; } = Number("a port", 1, 65_535);

    /// <summary>A HEP capture id: an unsigned 32-bit number other than 0, which collectors treat as "none".</summary>
    public static ValueParser<uint> CaptureId { get; } = new(
        "a capture id",
        "write a whole number from 1 to 4294967295",
        (string text, out uint value) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value != 0);

    /// <summary>An integer within inclusive bounds.</summary>
    public static ValueParser<int> Number(string noun, int least, int most) => new(
        noun,
        $"write a whole number from {least} to {most}",
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    /// <summary>A duration within inclusive bounds, which are written as durations: "500ms", "60s", "5m", "12h", "1d"; a bare number means seconds.</summary>
    public static ValueParser<TimeSpan> Duration(string least, string most) => Quantity(
        "a duration", $"write {least} to {most}, such as \"500ms\", \"60s\", \"5m\", \"12h\" or \"1d\" (a bare number means seconds)", least, most, _timeUnits, TimeSpan.FromMilliseconds);

    /// <summary>A size within inclusive bounds, which are written as sizes: bytes, or "64KB", "16MB", "1GB", "1TB" (1 KB = 1024 bytes).</summary>
    public static ValueParser<long> Size(string least, string most) => Quantity(
        "a size", $"write {least} to {most}, in bytes or such as \"64KB\", \"16MB\" or \"1GB\" (1 KB = 1024 bytes)", least, most, _sizeUnits, bytes => (long)bytes);

    private static ValueParser<T> Quantity<T>(string noun, string advice, string least, string most, (string Unit, double Factor)[] units, Func<double, T> make)
        where T : struct
    {
        double lower = Measure(least, units);
        double upper = Measure(most, units);
        return new ValueParser<T>(noun, advice, (string text, out T value) =>
        {
            double amount = Measure(text, units);
            bool fits = amount >= lower && amount <= upper;
            value = fits ? make(amount) : default;
            return fits;
        });
    }

    // In the smallest unit; NaN, which is outside all bounds, if it is not a quantity.
    private static double Measure(string text, (string Unit, double Factor)[] units)
    {
        ReadOnlySpan<char> number = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        ReadOnlySpan<char> written = text.AsSpan(number.Length);
        foreach ((string unit, double factor) in units)
        {
            if (written.Equals(unit, StringComparison.OrdinalIgnoreCase))
            {
                return double.TryParse(number.TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                    ? value * factor
                    : double.NaN;
            }
        }

        return double.NaN;
    }
}
