using System.CommandLine;
using HepBridge.Checks;
using HepBridge.Configuration;
using HepBridge.Hosting;

namespace HepBridge.Commands;

/// <summary><c>check</c>: tests everything in the configuration, and advises on what fails.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        Option<string?> config = RunCommand.CreateConfigOption();
        Option<double> seconds = new("--seconds")
        {
            Description = "How long to wait for an event from each switch and group; an idle switch sends one every 20 s. Ends as soon as all are heard.",
            DefaultValueFactory = _ => 25,
        };
        seconds.Require(static result => result.GetValueOrDefault<double>() is > 0 and <= 3600, "--seconds must be above 0, and 3600 at most.");
        Option<bool> json = new("--json") { Description = "Print one JSON object: {\"ok\": …, \"findings\": [{\"severity\", \"subject\", \"what\", \"advice\"}]}." };
        DetailedCommand command = new(
            "check",
            "Test every switch and collector of the configuration, and say how to fix what fails.",
            """
            Validates the configuration, then tests it: logs in to each switch and queries its settings, joins each multicast group,
            connects to each collector, and checks spools and kernel buffers. Prints one row per result, with advice below it. It sends no
            reports and changes nothing. It can run next to the agent, unless multicast_config uses an address of this host.

            Exit codes: 0 no errors, 1 errors, 2 invalid configuration. Warnings do not count.

            Examples:
              hepbridge check                                        check the configuration that 'run' would use
              hepbridge check --config new.json --seconds 60         check a new configuration on a quiet network
              hepbridge check --json | jq '.findings[] | select(.severity != "ok")'
            """)
        {
            config, seconds, json,
        };
        command.SetAction((result, cancellationToken) => RunAsync(
            ConfigurationReader.Read(result.GetValue(config), ConfigurationEnvironment.FromProcess(), InputKinds.BuiltIn.Sections),
            new CheckRun(InputKinds.BuiltIn.Check, TimeProvider.System, TimeSpan.FromSeconds(result.GetValue(seconds)), _timeout),
            result.GetValue(json),
            result.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Checks and prints: 0 without errors, 1 with errors, 2 if the configuration is invalid.</summary>
    public static async Task<int> RunAsync(ConfigurationResult result, CheckRun run, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<CheckResult> results = await run.RunAsync(result, cancellationToken);
        await output.WriteLineAsync(json ? CheckTable.Json(results) : CheckTable.Text(results));
        return result.Configuration is null ? 2 : CheckTable.HasError(results) ? 1 : 0;
    }
}
