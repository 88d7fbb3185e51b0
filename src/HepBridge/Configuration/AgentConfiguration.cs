using Microsoft.Extensions.Logging;

namespace HepBridge.Configuration;

/// <summary>One configuration, read and checked whole: never changed, only replaced by the next one.</summary>
internal sealed class AgentConfiguration
{
    /// <summary>The collectors, one object of <c>hep_config</c> each: every one of them receives everything.</summary>
    public required IReadOnlyList<HepOutputConfiguration> Outputs { get; init; }

    /// <summary>The inputs, one for each object of an input section, in the order of <see cref="Tables.Sections"/>.</summary>
    public required IReadOnlyList<InputConfiguration> Inputs { get; init; }

    /// <summary>What is kept of calls, and for how long.</summary>
    public required CallOptions Calls { get; init; }

    /// <summary>The agent's own log level (<c>log_level</c>; Debug when a section says <c>debug: true</c>).</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How often the statistics line is written (<c>statistics_interval</c>); zero: never.</summary>
    public TimeSpan StatisticsInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stop waits for the outputs to drain (<c>shutdown_timeout</c>).</summary>
    /// <summary>The most that <c>shutdown_timeout</c> can be.</summary>
    public static TimeSpan LongestShutdownTimeout { get; } = TimeSpan.FromMinutes(10);

    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>metrics.listen</c>; null: no metrics endpoint.</summary>
    public string? MetricsListen { get; init; }

    /// <summary><c>metrics.allowed_hosts</c>: names in a request's Host header beside this host's own.</summary>
    public IReadOnlyList<string> MetricsAllowedHosts { get; init; } = [];

    /// <summary><c>web.listen</c>; null: no page.</summary>
    public string? WebListen { get; init; }

    /// <summary><c>web.token</c>, a secret; null: none.</summary>
    public string? WebToken { get; init; }

    /// <summary><c>web.allowed_hosts</c>: names in a request's Host header beside the page's own.</summary>
    public IReadOnlyList<string> WebAllowedHosts { get; init; } = [];
}
