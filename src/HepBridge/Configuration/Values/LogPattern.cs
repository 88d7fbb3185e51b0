using System.Text.RegularExpressions;

namespace HepBridge.Configuration.Values;

/// <summary>
/// A regular expression that finds a log line's call: its group <c>callid</c>, else its first group, is the Call-ID; a
/// group <c>uuid</c> is the Unique-ID of a FreeSWITCH channel. Matching time is linear in the line's length, so no line
/// can hang the agent.
/// </summary>
internal sealed class LogPattern
{
    private const string AnyUuid = "(?<uuid>[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})";
    private readonly Regex _regex;
    private readonly int _callId;
    private readonly int _uuid;
    private readonly int _time;
    private readonly int _level;

    private LogPattern(string text, Regex regex)
    {
        Text = text;
        _regex = regex;
        _uuid = regex.GroupNumberFromName("uuid");
        _time = regex.GroupNumberFromName("time");
        _level = regex.GroupNumberFromName("level");
        int named = regex.GroupNumberFromName("callid");

        // Unnamed groups are numbered before named ones.
        _callId = named > 0 ? named : _uuid > 0 ? -1 : regex.GetGroupNumbers().FirstOrDefault(number => number > 0 && number != _time && number != _level, -1);
    }

    /// <summary>As configured.</summary>
    public string Text { get; }

    /// <summary>Creates a pattern; <c>uuid</c> alone matches any UUID in the line. If false, <paramref name="problem"/> says why.</summary>
    public static bool TryMake(string text, out LogPattern? pattern, out string problem)
    {
        pattern = null;
        if (!TryMakeRegex(text == "uuid" ? AnyUuid : text, out Regex? regex, out problem))
        {
            return false;
        }

        pattern = new LogPattern(text, regex!);
        if (pattern._callId < 0 && pattern._uuid < 0)
        {
            pattern = null;
            problem = "it has no group that captures the Call-ID: put one in parentheses, as in 'callid=([^ ;]+)', or name it (?<callid>…) or (?<uuid>…)";
            return false;
        }

        return true;
    }

    /// <summary>Creates a regular expression that needs no backtracking. If false, <paramref name="problem"/> says why it cannot.</summary>
    public static bool TryMakeRegex(string text, out Regex? regex, out string problem)
    {
        problem = "";
        regex = null;
        try
        {
            regex = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (NotSupportedException)
        {
            problem = "look-around, backreferences and atomic groups require backtracking, so a single line could hang the agent: write it without them";
        }
        catch (ArgumentException e)
        {
            problem = e.Message.TrimEnd('.');
        }

        return false;
    }

    public bool TryMatch(string line, out LogMatch match)
    {
        match = default;
        Match found = _regex.Match(line);
        if (!found.Success)
        {
            return false;
        }

        match = new LogMatch(Captured(found, _callId), Captured(found, _uuid), Captured(found, _time), Captured(found, _level));
        return !match.CallId.IsEmpty || !match.Uuid.IsEmpty;
    }

    private static ReadOnlySpan<char> Captured(Match match, int number) => number > 0 ? match.Groups[number].ValueSpan : default;
}

/// <summary>A pattern's match in a line; fields are empty if absent.</summary>
internal readonly ref struct LogMatch(ReadOnlySpan<char> callId, ReadOnlySpan<char> uuid, ReadOnlySpan<char> time, ReadOnlySpan<char> level)
{
    public ReadOnlySpan<char> CallId { get; } = callId;
    public ReadOnlySpan<char> Uuid { get; } = uuid;
    public ReadOnlySpan<char> Time { get; } = time;
    public ReadOnlySpan<char> Level { get; } = level;
}
