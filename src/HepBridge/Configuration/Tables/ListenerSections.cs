using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>metrics</c>: metrics and health.</summary>
internal static class MetricsSection
{
    public const string Name = "metrics";

    public static ValueKey<string> Listen { get; } = new("listen", Address.Listen, "127.0.0.1:9096", "Address of `/metrics` and `/health`, which contain no call data.");

    public static ListKey<string> AllowedHosts { get; } = new("allowed_hosts", Address.Host, [],
        "Additional host names that requests may use. Addresses, `localhost` and this host's own name are always allowed.");

    public static KeyGroup Group { get; } = new("`metrics`", "Without this section, metrics and health are off.", Listen, AllowedHosts);

    public static SectionTable Table { get; } = new(Name, [Group], []);

    /// <summary>The address (null if off) and the additional host names.</summary>
    public static (string? Listen, IReadOnlyList<string> AllowedHosts) Make(ConfigurationNode root, ConfigurationDiagnostics diagnostics)
    {
        SectionValues values = SectionReader.ReadObject(root, Table, diagnostics);
        return values.Node is null ? (null, []) : (values.Get(Listen), values.Get(AllowedHosts));
    }
}

/// <summary>Section <c>web</c>: the page.</summary>
internal static class WebSection
{
    public const string Name = "web";

    public static ValueKey<string> Listen { get; } = new("listen", Address.Listen, "127.0.0.1:9080", "Address of the page.");

    public static ValueKey<string?> Token { get; } = new("token", TextValues.Line!, null,
        "Token the page asks for. Required when `listen` is not loopback.")
    { IsSecret = true };

    public static ListKey<string> AllowedHosts { get; } = new("allowed_hosts", Address.Host, [],
        "Additional host names that requests may use. Addresses, `localhost` and this host's own name are always allowed.");

    public static KeyGroup Group { get; } = new("`web`", "Without this section, the page is off.", Listen, Token, AllowedHosts);

    public static SectionTable Table { get; } = new(Name, [Group], []);

    /// <summary>The address (null if off), the token and the additional host names.</summary>
    public static (string? Listen, string? Token, IReadOnlyList<string> AllowedHosts) Make(ConfigurationNode root, ConfigurationDiagnostics diagnostics)
    {
        SectionValues values = SectionReader.ReadObject(root, Table, diagnostics);
        if (values.Node is null)
        {
            return (null, null, []);
        }

        string listen = values.Get(Listen);
        if (!Address.IsLoopback(listen) && !values.Mentions(Token))
        {
            diagnostics.Error(values.PathOf(Listen), $"{listen} can be reached from other hosts, and no token is set", "set web.token, or listen on 127.0.0.1");
        }

        return (listen, values.Get(Token), values.Get(AllowedHosts));
    }
}
