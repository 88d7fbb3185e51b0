using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace HepBridge.Replay;

/// <summary>Position of a time in a recording, and how to shift it in place, digit for digit.</summary>
/// <remarks>
/// Shifted: Event-Date-Timestamp, -Local and -GMT; *-Time and *-Last-Hold of channels (microseconds); Capture-Time; Task-Runtime; variable_*_uepoch, _epoch and _stamp;
/// each also after <c>variable_</c> or <c>Orig-</c>. Not shifted: times inside longer texts (SDP, transfer history), NTP words and RTP timestamps, which are not wall-clock times.
/// </remarks>
internal readonly record struct TimeField(int Offset, TimeFieldKind Kind)
{
    private const string DateFormat = "yyyy-MM-dd HH:mm:ss";
    private const string GmtFormat = "ddd, dd MMM yyyy HH:mm:ss 'GMT'";

    /// <summary>The format of a header's value; null if it is not a time.</summary>
    public static TimeFieldKind? KindOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (value.Length)
        {
            case 16 when IsMicrosecondsName(name) && value[0] != '0' && IsDigits(value):
                return TimeFieldKind.Microseconds;
            case 10 when (name.EndsWith("_epoch"u8) || name.EndsWith("Task-Runtime"u8)) && value[0] != '0' && IsDigits(value):
                return TimeFieldKind.Seconds;
            case 19 or 25 when name.EndsWith("Event-Date-Local"u8) || name.EndsWith("_stamp"u8):
                return Known(value, value.Length == 19 ? TimeFieldKind.Date : TimeFieldKind.DateUrl);
            case 29 or 43 when name.EndsWith("Event-Date-GMT"u8):
                return Known(value, value.Length == 29 ? TimeFieldKind.Gmt : TimeFieldKind.GmtUrl);
            default:
                return null;
        }
    }

    /// <summary>Whether <paramref name="text"/> starts with a date that can be shifted, like a line of the switch's log.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text) => text.Length >= 19 && TryReadDate(text[..19], TimeFieldKind.Date, out _);

    /// <summary>Length of a format in bytes.</summary>
    public static int LengthOf(TimeFieldKind kind) => kind switch
    {
        TimeFieldKind.Microseconds => 16,
        TimeFieldKind.Seconds => 10,
        TimeFieldKind.Date => 19,
        TimeFieldKind.DateUrl => 25,
        TimeFieldKind.Gmt => 29,
        _ => 43,
    };

    /// <summary>Shifts the time in <paramref name="text"/> by whole seconds. Leaves the text unchanged if the result does not fit the format.</summary>
    public static void Move(Span<byte> text, TimeFieldKind kind, long seconds)
    {
        if (kind is TimeFieldKind.Microseconds or TimeFieldKind.Seconds)
        {
            long moved = Utf8Parser.TryParse(text, out long number, out _) ? number + (kind == TimeFieldKind.Seconds ? seconds : seconds * 1_000_000) : 0;
            Span<byte> digits = stackalloc byte[20];
            if (moved > 0 && Utf8Formatter.TryFormat(moved, digits, out int length) && length == text.Length)
            {
                digits[..length].CopyTo(text);
            }
        }
        else if (TryReadDate(text, kind, out DateTime date))
        {
            WriteDate(text, kind, date.AddSeconds(seconds));
        }
    }

    private static TimeFieldKind? Known(ReadOnlySpan<byte> value, TimeFieldKind kind) => TryReadDate(value, kind, out _) ? kind : null;

    private static bool IsDigits(ReadOnlySpan<byte> value) => !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsMicrosecondsName(ReadOnlySpan<byte> name) =>
        name.EndsWith("-Time"u8) || name.EndsWith("Event-Date-Timestamp"u8) || name.EndsWith("_uepoch"u8) || name.EndsWith("-Last-Hold"u8) || name.EndsWith("_stamp"u8);

    private static bool TryReadDate(ReadOnlySpan<byte> text, TimeFieldKind kind, out DateTime date)
    {
        string plain = Encoding.ASCII.GetString(text);
        if (kind is TimeFieldKind.DateUrl or TimeFieldKind.GmtUrl)
        {
            plain = plain.Replace("%20", " ", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal);
        }

        string format = kind is TimeFieldKind.Date or TimeFieldKind.DateUrl ? DateFormat : GmtFormat;
        return DateTime.TryParseExact(plain, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    private static void WriteDate(Span<byte> text, TimeFieldKind kind, DateTime date)
    {
        string plain = date.ToString(kind is TimeFieldKind.Date or TimeFieldKind.DateUrl ? DateFormat : GmtFormat, CultureInfo.InvariantCulture);
        if (kind is TimeFieldKind.DateUrl or TimeFieldKind.GmtUrl)
        {
            plain = plain.Replace(" ", "%20", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal);
        }

        if (plain.Length == text.Length)
        {
            Encoding.ASCII.GetBytes(plain, text);
        }
    }
}

/// <summary>Format of a time in an event. The length of each is fixed.</summary>
internal enum TimeFieldKind : byte
{
    /// <summary>Microseconds since 1970, 16 digits.</summary>
    Microseconds,

    /// <summary>Seconds since 1970, 10 digits.</summary>
    Seconds,

    /// <summary><c>2026-11-21 23:55:05</c>.</summary>
    Date,

    /// <summary><c>2026-11-21%2023%3A55%3A05</c>.</summary>
    DateUrl,

    /// <summary><c>Sat, 21 Nov 2026 23:55:05 GMT</c>.</summary>
    Gmt,

    /// <summary><c>Sat,%2021%20Nov%202026%2023%3A55%3A05%20GMT</c>.</summary>
    GmtUrl,
}
