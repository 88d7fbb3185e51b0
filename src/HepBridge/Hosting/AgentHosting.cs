using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hosting.Telemetry;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>Assembles the agent, with or without a host.</summary>
internal static class AgentHosting
{
    // The longest possible shutdown_timeout, plus time to close.
    private static readonly TimeSpan _longestShutdown = AgentConfiguration.LongestShutdownTimeout + TimeSpan.FromSeconds(10);

    /// <summary>A host that runs the agent until stopped, and logs to standard output or to <paramref name="logs"/>.</summary>
    public static IHost Create(AgentConfiguration configuration, ConfigurationSource source, LogLevelSwitch level, ILoggerProvider? logs = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (logs is null)
        {
            builder.Logging.AddLogLines(level, toError: false);
        }
        else
        {
            builder.Logging.AddFilter((category, wanted) => level.Admits(category, wanted)).AddProvider(logs);
        }

        // The agent's own limit, which a reload may change, is shorter.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = _longestShutdown);
        builder.Services
            .AddSingleton(level)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(configuration)
            .AddSingleton(configuration.Calls)
            .AddSingleton(source)
            .AddSingleton<EventPipeline>()
            .AddSingleton(provider => new OutputFactory(provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(InputKinds.BuiltIn)
            .AddSingleton<InputServices>()
            .AddSingleton<Agent>()
            .AddSingleton<AgentHealth>()
            .AddSingleton(OtlpEnvironment.FromProcess())
            .AddSingleton<MetricsEndpoint>()
            .AddSingleton<AgentEndpoints>()
            .AddSingleton<AgentExit>()
            .AddSingleton(provider => ServiceManager.FromProcess(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServiceManager>>()))
            .AddHostedService<AgentService>();
        return builder.Build();
    }

    /// <summary>The agent's log without a host.</summary>
    public static ILoggerFactory CreateLogging(LogLevelSwitch level) => LoggerFactory.Create(logging => logging.AddLogLines(level, toError: true));

    /// <summary>An agent without a host, for commands other than run.</summary>
    public static Agent CreateAgent(AgentConfiguration configuration, LogLevelSwitch level, ILoggerFactory loggers)
    {
        TimeProvider time = TimeProvider.System;
        EventPipeline pipeline = new(configuration.Calls, time, loggers.CreateLogger<EventPipeline>());
        return new Agent(configuration, pipeline, new OutputFactory(loggers, time), InputKinds.BuiltIn, new InputServices(pipeline, time, loggers), level, loggers);
    }

    private static void AddLogLines(this ILoggingBuilder logging, LogLevelSwitch level, bool toError)
    {
        logging.AddFilter((category, wanted) => level.Admits(category, wanted));
        logging.Services.AddSingleton(_ =>
        {
            LineLoggerProvider provider = new(
                toError ? Console.OpenStandardError() : Console.OpenStandardOutput(), SystemdHelpers.IsSystemdService(), TimeProvider.System);
            level.Dropped = () => provider.Dropped;
            return provider;
        });
        logging.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<LineLoggerProvider>());
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
