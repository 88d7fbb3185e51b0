using HepBridge.Configuration.Values;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>esl_config</c>: event sockets.</summary>
internal static class EslSection
{
    public const string Name = "esl_config";

    public static ValueKey<string> Server { get; } = new("ESL_SERVER", Address.Host, "127.0.0.1", "Host name or address of the switch's event socket.");
    public static ValueKey<int> Port { get; } = new("ESL_PORT", NumericValues.Port, "8021", "Port of the event socket.");

    public static ValueKey<string?> User { get; } = new("ESL_USER", TextValues.User!, null,
        "Log in as this directory user, `user@domain` (`userauth`). Default: password only (`auth`).");

    public static ValueKey<string?> Password { get; } = new("ESL_PASS", TextValues.Line!, "ClueCon", "Password of the event socket or of `ESL_USER`.") { IsSecret = true };
    public static ValueKey<string?> PasswordFile { get; } = new("ESL_PASS_FILE", TextValues.FilePath!, null, "Read `ESL_PASS` from the first line of this file.");

    public static ValueKey<EslEventFormat> Format { get; } = new("event_format",
        EnumValues.Of("an event format", ("plain", EslEventFormat.Plain), ("json", EslEventFormat.Json)), "plain",
        "`plain` is faster; `json` is exact for Call-IDs that contain percent signs.");

    public static KeyGroup Group { get; } = new(
        "`esl_config`: event sockets",
        "One object, or a list with one object per switch. At least one input is required, here or in `multicast_config`.",
        Server, Port, User, Password, PasswordFile, Format);

    public static InputSection Section { get; } = new(Name, Group, InputSection.Events, Make);

    private static EslInputConfiguration Make(SectionValues values, ReportOptions reports, ConfigurationDiagnostics diagnostics) => new()
    {
        Server = values.Get(Server),
        Port = values.Get(Port),
        User = values.Get(User),
        Password = values.GetSecret(Password, PasswordFile, diagnostics) ?? Password.Default!,
        Format = values.Get(Format),
        Reports = reports,
    };
}
