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

    public ListenerConfiguration Metrics { get; init; } = new();
    public ListenerConfiguration Web { get; init; } = new();
}

/// <summary>Section <c>metrics</c> or <c>web</c>.</summary>
internal sealed class ListenerConfiguration
{
    /// <summary>Its address; null if it is off.</summary>
    public string? Listen { get; init; }

    /// <summary>Further names that requests may use.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The page's token, a secret; null without one.</summary>
    public string? Token { get; init; }
}
