using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>esl_config</c>: the switches that are asked for events.</summary>
internal static class EslSection
{
    public const string Name = "esl_config";

    public static ValueKey<string> Server { get; } = new("ESL_SERVER", Address.Host, "127.0.0.1", "The switch: name or address of its event socket.");

    public static ValueKey<int> Port { get; } = new("ESL_PORT", Quantity.Port, "8021", "Port of the event socket.");

    public static ValueKey<string?> User { get; } = new("ESL_USER", Words.User!, null,
        "Log in as this user of the directory (`userauth`), `user@domain`; without it by password alone (`auth`).");

    public static ValueKey<string?> Password { get; } = new("ESL_PASS", Words.Line!, "ClueCon", "The password.") { IsSecret = true };

    public static ValueKey<string?> PasswordFile { get; } = new("ESL_PASS_FILE", Words.FilePath!, null, "A file whose first line is `ESL_PASS`.");

    public static ValueKey<EventFormat> Format { get; } = new("event_format",
        Choice.Of("an event format", ("plain", EventFormat.Plain), ("json", EventFormat.Json)), "plain",
        "`plain` is quicker; `json` keeps a literal `%41` in a value apart from an `A`.");

    public static KeyGroup Group { get; } = new(
        "`esl_config`: switches, by their event socket",
        "One object, or a list of objects, one for each switch. At least one input is needed, here or in `multicast_config`.",
        Server, Port, User, Password, PasswordFile, Format);

    public static InputSection Section { get; } = new(Name, Group, InputSection.Events, Make);

    private static EslInputConfiguration Make(SectionValues values, ReportOptions reports, Findings findings) => new()
    {
        Server = values.Get(Server),
        Port = values.Get(Port),
        User = values.Get(User),
        Password = Secrets.Read(values, Password, PasswordFile, findings) ?? Password.Default!,
        Format = values.Get(Format),
        Reports = reports,
    };
}
