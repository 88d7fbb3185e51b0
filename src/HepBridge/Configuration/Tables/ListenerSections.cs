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

    public static ListenerConfiguration Make(ConfigurationNode root, ConfigurationDiagnostics diagnostics)
    {
        SectionValues values = SectionReader.ReadObject(root, Table, diagnostics);
        return values.Node is null ? new() : new() { Listen = values.Get(Listen), AllowedHosts = values.Get(AllowedHosts) };
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

    public static KeyGroup Group { get; } = new("`web`", "Without this section, the page is off.", Listen, Token, MetricsSection.AllowedHosts);

    public static SectionTable Table { get; } = new(Name, [Group], []);

    public static ListenerConfiguration Make(ConfigurationNode root, ConfigurationDiagnostics diagnostics)
    {
        SectionValues values = SectionReader.ReadObject(root, Table, diagnostics);
        if (values.Node is null)
        {
            return new();
        }

        string listen = values.Get(Listen);
        if (!Address.IsLoopback(listen) && !values.Mentions(Token))
        {
            diagnostics.Error(values.PathOf(Listen), $"{listen} can be reached from other hosts, and no token is set", "set web.token, or listen on 127.0.0.1");
        }

        return new() { Listen = listen, AllowedHosts = values.Get(MetricsSection.AllowedHosts), Token = values.Get(Token) };
    }
}
