using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>Assembles the agent and its log.</summary>
internal static class AgentHosting
{
    /// <summary>A log to standard output or standard error.</summary>
    public static ILoggerFactory CreateLogging(LogLevelSwitch level, bool toError)
    {
        LineLoggerProvider lines = new(
            toError ? Console.OpenStandardError() : Console.OpenStandardOutput(), SystemdHelpers.IsSystemdService(), TimeProvider.System);
        level.Dropped = () => lines.Dropped;
        return CreateLogging(level, lines);
    }

    /// <summary>A log to another place, which the factory disposes.</summary>
    public static ILoggerFactory CreateLogging(LogLevelSwitch level, ILoggerProvider logs)
    {
        LoggerFilterOptions filter = new();
        filter.Rules.Add(new LoggerFilterRule(null, null, null, (_, category, wanted) => level.Admits(category, wanted)));
        LoggerFactory loggers = new([], filter);
        loggers.AddProvider(logs);
        return loggers;
    }

    /// <summary>An agent by itself, for commands that need no endpoints and no reload.</summary>
    public static Agent CreateAgent(AgentConfiguration configuration, LogLevelSwitch level, ILoggerFactory loggers)
    {
        TimeProvider time = TimeProvider.System;
        EventPipeline pipeline = new(configuration.Calls, time, loggers.CreateLogger<EventPipeline>());
        return new Agent(configuration, pipeline, new OutputFactory(loggers, time), InputKinds.BuiltIn, new InputServices(pipeline, time, loggers), level, loggers);
    }
}

/// <summary>
/// The agent's log level, which a reload changes. Libraries log only warnings and errors; hosts log nothing, since the
/// agent itself reports in one sentence what stops a host.
/// </summary>
internal sealed class LogLevelSwitch(LogLevel level)
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    public LogLevel Level { get; set; } = level;

    /// <summary>Log messages dropped because the log's reader did not keep up.</summary>
    public Func<long> Dropped { get; set; } = static () => 0;

    public bool Admits(string? category, LogLevel wanted) =>
        wanted >= Level && category != HostCategory && (wanted >= LogLevel.Warning || category?.StartsWith("HepBridge", StringComparison.Ordinal) == true);
}
