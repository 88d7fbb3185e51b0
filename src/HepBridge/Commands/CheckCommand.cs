using System.CommandLine;
using HepBridge.Commands.Check;
using HepBridge.Configuration;
using HepBridge.Hosting;

namespace HepBridge.Commands;

/// <summary><c>check</c>: tries everything that the configuration names, and says what to do about what doesn't work.</summary>
internal static class CheckCommand
{
    /// <summary>Longest wait for a connection or an answer.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        Option<string?> config = RunCommand.CreateConfigOption();
        Option<double> seconds = new("--seconds")
        {
            Description = "How long to wait for an event of each switch and group; a switch without calls sends one every 20 s. Ends earlier when all have been heard.",
            DefaultValueFactory = _ => 25,
        };
        seconds.MustHold(static result => result.GetValueOrDefault<double>() is > 0 and <= 3600, "--seconds must be above 0, and 3600 at most.");
        Option<bool> json = new("--json") { Description = "Print one JSON object: {\"ok\": …, \"findings\": [{\"severity\", \"subject\", \"what\", \"advice\"}]}." };
        DetailedCommand command = new(
            "check",
            "Try everything that the configuration names, and say what to do about what doesn't work",
            """
            Reads the configuration, then tries it for real: logs in to each switch and asks how it is set up, joins each multicast group,
            reaches each collector, looks at spools and buffers. One row a finding, and what to do about it below. It sends no reports, changes
            nothing, and runs beside the agent (but a multicast_config with an address of this host has to be free).

            Exit codes: 0 no errors, 1 errors, 2 the configuration is faulty. Warnings don't count.

            Examples:
              hepbridge check                                        the configuration that 'run' would take
              hepbridge check --config new.json --seconds 60         a configuration before it is used; a quiet network
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

    /// <summary>Checks and prints: 0 if nothing is an error, 1 if something is, 2 if the configuration can't be used.</summary>
    public static async Task<int> RunAsync(ConfigurationResult result, CheckRun run, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<CheckResult> results = await run.RunAsync(result, cancellationToken);
        await output.WriteLineAsync(json ? CheckTable.Json(results) : CheckTable.Text(results));
        return result.Configuration is null ? 2 : CheckTable.HasError(results) ? 1 : 0;
    }
}
