using System.Text;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>What a client subscribes to, and the commands for it. Immutable.</summary>
/// <remarks>
/// <c>event plain A B CUSTOM s1 s2</c>: everything after CUSTOM is a subclass, and CUSTOM alone matches no event that has one. So CUSTOM comes last
/// and lists them all. Several commands add up (mod_event_socket.c, parse_command).
/// </remarks>
public sealed class EslSubscription
{
    private const int LongestCommand = 2000;
    private const string Custom = "CUSTOM";

    /// <summary>Names may come in any order and repeat; CUSTOM itself is dropped from <paramref name="events"/>.</summary>
    /// <param name="events">Event names, such as <c>CHANNEL_CREATE</c>; <c>ALL</c> for everything.</param>
    /// <param name="subclasses">Subclasses of CUSTOM, such as <c>sofia::register</c>.</param>
    /// <param name="format">Format of all events.</param>
    /// <param name="logLevel">A level of the switch's log by name or number, such as <c>NOTICE</c>; null for no log lines.</param>
    /// <exception cref="ArgumentException">A name is empty or contains a space or a control character.</exception>
    public EslSubscription(IEnumerable<string> events, IEnumerable<string> subclasses, EslEventFormat format = EslEventFormat.Plain, string? logLevel = null)
    {
        Events = Names(events.Where(static name => name != Custom));
        Subclasses = Names(subclasses);
        Format = format;
        LogLevel = logLevel is null ? null : Names([logLevel])[0];
    }

    /// <summary>Event names, sorted, without CUSTOM.</summary>
    public IReadOnlyList<string> Events { get; }

    /// <summary>Subclasses of CUSTOM, sorted.</summary>
    public IReadOnlyList<string> Subclasses { get; }

    public EslEventFormat Format { get; }
    public string? LogLevel { get; }

    /// <summary>The commands of a new connection: <c>event</c> first, <c>log</c> last. Empty if nothing is subscribed.</summary>
    public IReadOnlyList<string> Commands()
    {
        List<string> commands = [];
        Add(commands, EventVerb, Events, Subclasses);
        if (LogLevel is not null)
        {
            commands.Add($"log {LogLevel}");
        }

        return commands;
    }

    /// <summary>The commands that change a connection from this subscription to <paramref name="wanted"/>.</summary>
    public IReadOnlyList<string> CommandsTo(EslSubscription wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        List<string> commands = [];

        // Nothing can be subtracted from ALL, and the format applies to the whole connection: send everything again.
        bool startsOver = Events.Contains("ALL") != wanted.Events.Contains("ALL") || Format != wanted.Format;
        bool endsAll = startsOver && Events.Contains("ALL");
        if (endsAll)
        {
            commands.Add("nixevent ALL");
        }

        Add(commands, wanted.EventVerb, startsOver ? wanted.Events : wanted.Events.Except(Events), startsOver ? wanted.Subclasses : wanted.Subclasses.Except(Subclasses));
        Add(commands, "nixevent", endsAll ? [] : Events.Except(wanted.Events), Subclasses.Except(wanted.Subclasses));
        if (LogLevel != wanted.LogLevel)
        {
            commands.Add(wanted.LogLevel is null ? "nolog" : $"log {wanted.LogLevel}");
        }

        return commands;
    }

    private string EventVerb => Format == EslEventFormat.Json ? "event json" : "event plain";

    private static string[] Names(IEnumerable<string> names)
    {
        string[] sorted = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (string name in sorted)
        {
            if (name.Length == 0 || name.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)))
            {
                throw new ArgumentException($"'{name}' is not a valid event, subclass or level: it must be one word.");
            }
        }

        return sorted;
    }

    private static void Add(List<string> commands, string verb, IEnumerable<string> events, IEnumerable<string> subclasses)
    {
        StringBuilder command = new(verb);
        foreach (string name in events)
        {
            Append(name, verb);
        }

        bool custom = false;
        foreach (string name in subclasses)
        {
            Append(custom ? name : $"{Custom} {name}", $"{verb} {Custom}");
            custom = true;
        }

        if (command.Length > verb.Length)
        {
            commands.Add(command.ToString());
        }

        void Append(string words, string start)
        {
            if (command.Length + words.Length >= LongestCommand && command.Length > verb.Length)
            {
                commands.Add(command.ToString());
                command.Clear().Append(words.StartsWith(Custom + " ", StringComparison.Ordinal) ? verb : start);
            }

            command.Append(' ').Append(words);
        }
    }
}

/// <summary>The format in which the switch sends events.</summary>
public enum EslEventFormat
{
    /// <summary>URL-encoded header lines.</summary>
    Plain,

    /// <summary>A JSON object.</summary>
    Json,
}
