using System.CommandLine;
using System.Runtime.InteropServices;
using HepBridge.Configuration;
using HepBridge.Hosting;
using Microsoft.Extensions.Logging;

namespace HepBridge.Commands;

/// <summary><c>run</c>, the default: the agent itself.</summary>
internal static class RunCommand
{
    public static Option<string?> CreateConfigOption() => new("--config", "-c")
    {
        Description = "Configuration file (default: $HEPBRIDGE_CONFIG, ./config.json or /etc/hepbridge/config.json).",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        Option<string?> config = CreateConfigOption();
        DetailedCommand command = new(
            "run",
            "Forward FreeSWITCH events to Homer until Ctrl-C or SIGTERM. This is the default command.",
            """
            Saving the file or sending SIGHUP reloads the configuration without interrupting calls. An invalid file is rejected with all its errors;
            the previous configuration stays active. On exit HepBridge sends its queues (for at most 'shutdown_timeout') and logs totals.

            Environment variables override the file: HEPBRIDGE_esl_config__ESL_PASS=secret.

            Examples:
              hepbridge run --config /etc/hepbridge/config.json
              HEPBRIDGE_CONFIG=my.json hepbridge
            """)
        {
            config,
        };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(config), result.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    /// <summary>Runs the agent: 0 after a clean stop, 1 if it failed, 2 if the configuration is invalid.</summary>
    public static async Task<int> RunAsync(string? path, TextWriter error, CancellationToken cancellationToken)
    {
        ConfigurationEnvironment environment = ConfigurationEnvironment.FromProcess();
        ConfigurationResult result = await ReadAsync(path, environment, error);
        if (result.Configuration is not { } configuration)
        {
            return 2;
        }

        LogLevelSwitch level = new(configuration.LogLevel);
        using ILoggerFactory loggers = AgentHosting.CreateLogging(level, toError: false);
        using AgentService service = new(configuration, new ConfigurationSource(result.FilePath, environment, InputKinds.BuiltIn.Sections), level, loggers);

        // Never disposed: a second signal may still come.
        CancellationTokenSource stop = new();
        using CancellationTokenRegistration stopping = cancellationToken.Register(stop.Cancel);

        // Before the agent starts: the command line handles signals only once the command waits.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);
        return await service.RunAsync(stop.Token);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Reads the configuration, and prints its errors and warnings.</summary>
    public static async Task<ConfigurationResult> ReadAsync(string? path, ConfigurationEnvironment environment, TextWriter error)
    {
        ConfigurationResult result = ConfigurationReader.Read(path, environment, InputKinds.BuiltIn.Sections);
        foreach (string line in result.Lines())
        {
            await error.WriteLineAsync(line);
        }

        return result;
    }
}
