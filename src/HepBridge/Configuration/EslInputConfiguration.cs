using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Configuration;

/// <summary>One object of <c>esl_config</c>.</summary>
internal sealed class EslInputConfiguration : InputConfiguration
{
    /// <summary><c>ESL_SERVER</c>: name or address.</summary>
    public string Server { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 8021;

    /// <summary><c>ESL_USER</c>: log in by <c>userauth</c>; null: by <c>auth</c>.</summary>
    public string? User { get; init; }

    /// <summary><c>ESL_PASS</c>, or the first line of <c>ESL_PASS_FILE</c>. A secret.</summary>
    public string Password { get; init; } = "ClueCon";

    public EslEventFormat Format { get; init; } = EslEventFormat.Plain;

    public override string Identity => $"esl {Server}:{Port}";

    public override string Description => $"the event socket {new HepServer(Server, Port)}{(User is null ? "" : $" as {User}")}";

    /// <summary>Whether everything but the reports is the same.</summary>
    public bool IsSameConnection(EslInputConfiguration other) =>
        Identity == other.Identity && User == other.User && Password == other.Password && Format == other.Format;
}
