using System.CommandLine;
using HepBridge.Configuration;
using HepBridge.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HepBridge.Commands;

/// <summary><c>run</c>, the default: the agent itself, until it is stopped.</summary>
internal static class RunCommand
{
    public static Option<string?> CreateConfigOption() => new("--config", "-c")
    {
        Description = "The configuration file. Without it: $HEPBRIDGE_CONFIG, ./config.json, /etc/hepbridge/config.json.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        Option<string?> config = CreateConfigOption();
        DetailedCommand command = new(
            "run",
            "Forward what FreeSWITCH tells to Homer, as the configuration says, until Ctrl-C or SIGTERM. This is the default.",
            """
            Saving the configuration, or SIGHUP, puts it in use at once; a faulty one is refused with all its errors, and the last good one stays.
            At the end what waits is sent ('shutdown_timeout'), and the totals are written.

            A value can also stand in the environment, and wins there: HEPBRIDGE_esl_config__ESL_PASS=secret.

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

    /// <summary>Runs the agent: 0 after a clean stop, 1 if it failed, 2 if the configuration is faulty.</summary>
    public static async Task<int> RunAsync(string? path, TextWriter error, CancellationToken cancellationToken)
    {
        ConfigurationEnvironment environment = ConfigurationEnvironment.FromProcess();
        ConfigurationResult result = ConfigurationReader.Read(path, environment, InputKinds.BuiltIn.Sections);
        foreach (string line in result.Lines())
        {
            await error.WriteLineAsync(line);
        }

        if (result.Configuration is not { } configuration)
        {
            return 2;
        }

        using IHost host = AgentHosting.Create(
            configuration, new ConfigurationSource(result.FilePath, environment, InputKinds.BuiltIn.Sections), new LogLevelSwitch(configuration.LogLevel));
        AgentExit exit = host.Services.GetRequiredService<AgentExit>();
        await host.RunAsync(cancellationToken);
        return exit.Code;
    }
}
