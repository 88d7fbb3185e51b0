using HepBridge.Masking;
using Microsoft.Extensions.Logging;

namespace HepBridge.Configuration;

/// <summary>A complete, valid configuration. Immutable: a reload replaces it.</summary>
internal sealed class AgentConfiguration
{
    /// <summary>The objects of <c>hep_config</c>; each receives everything.</summary>
    public required IReadOnlyList<HepOutputConfiguration> Outputs { get; init; }

    /// <summary>The inputs, one per object of an input section, in the order of <see cref="Tables.Sections"/>.</summary>
    public required IReadOnlyList<InputConfiguration> Inputs { get; init; }

    public required CallOptions Calls { get; init; }

    /// <summary><c>mask_values</c>: secrets overwritten with asterisks in all text.</summary>
    public ValueMask Mask { get; init; } = ValueMask.Default;

    /// <summary>The agent's own log level (<c>log_level</c>; Debug when a section says <c>debug: true</c>).</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Interval of the statistics line (<c>statistics_interval</c>); zero turns it off.</summary>
    public TimeSpan StatisticsInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest possible <c>shutdown_timeout</c>.</summary>
    public static TimeSpan LongestShutdownTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest wait for the outputs to drain at a stop (<c>shutdown_timeout</c>).</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>metrics.listen</c>; null without a metrics endpoint.</summary>
    public string? MetricsListen { get; init; }

    /// <summary><c>metrics.allowed_hosts</c>: further names that requests may use.</summary>
    public IReadOnlyList<string> MetricsAllowedHosts { get; init; } = [];

    /// <summary><c>web.listen</c>; null without the page.</summary>
    public string? WebListen { get; init; }

    /// <summary><c>web.token</c>, a secret; null without one.</summary>
    public string? WebToken { get; init; }

    /// <summary><c>web.allowed_hosts</c>: further names that requests may use.</summary>
    public IReadOnlyList<string> WebAllowedHosts { get; init; } = [];
}
