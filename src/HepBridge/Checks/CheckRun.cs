using HepBridge.Configuration;

namespace HepBridge.Checks;

/// <summary>Runs all checks of a configuration at the same time; results are in the configuration's order.</summary>
/// <param name="checkInput">Creates the check of an input.</param>
/// <param name="time">The clock to compare the switch's with.</param>
/// <param name="patience">Longest wait for an event or a packet.</param>
/// <param name="timeout">Longest wait for a connection or a reply.</param>
internal sealed class CheckRun(Func<InputConfiguration, CheckServices, ICheck> checkInput, TimeProvider time, TimeSpan patience, TimeSpan timeout)
{
    public async Task<IReadOnlyList<CheckResult>> RunAsync(ConfigurationResult result, CancellationToken cancellationToken)
    {
        IEnumerable<ICheck> checks = result.Configuration is { } configuration ? ChecksOf(configuration) : [];
        IReadOnlyList<CheckResult>[] found = await Task.WhenAll(checks.Select(check => RunAsync(check, cancellationToken)));
        return [.. OfReading(result), .. found.SelectMany(results => results)];
    }

    private static async Task<IReadOnlyList<CheckResult>> RunAsync(ICheck check, CancellationToken cancellationToken)
    {
        CheckResults results = new(check.Subject);
        await check.RunAsync(results, cancellationToken);
        return results.Results;
    }

    private static IReadOnlyList<CheckResult> OfReading(ConfigurationResult result)
    {
        CheckResults results = new("configuration");
        foreach (ConfigurationProblem error in result.Errors)
        {
            results.Error($"{error.Path}: {error.What}", error.Advice);
        }

        foreach (ConfigurationProblem warning in result.Warnings)
        {
            results.Warning($"{warning.Path}: {warning.What}", warning.Advice);
        }

        if (result.Configuration is { } configuration)
        {
            results.Ok($"{result.FilePath} is valid; inputs: {configuration.Inputs.Count}, outputs: {configuration.Outputs.Count}");
        }

        return results.Results;
    }

    private IEnumerable<ICheck> ChecksOf(AgentConfiguration configuration)
    {
        CheckServices services = new(configuration.Calls, time, patience, timeout) { HepInputs = [.. configuration.Inputs.OfType<HepInputConfiguration>()] };
        foreach (InputConfiguration input in configuration.Inputs)
        {
            yield return checkInput(input, services);
        }

        foreach (HepOutputConfiguration output in configuration.Outputs)
        {
            foreach (HepServer server in output.Servers)
            {
                yield return output.Transport == HepTransport.Udp
                    ? new UdpCollectorCheck(server, time, timeout)
                    : new StreamCollectorCheck(output, server, time, timeout);
            }

            if (output.Spool is { } spool)
            {
                yield return new SpoolCheck(spool);
            }
        }

        yield return new BufferCheck(
            configuration.Inputs.Any(input => input.ReceivesDatagrams), configuration.Outputs.Any(output => output.Transport == HepTransport.Udp), BufferCheck.ReadLimit);
    }
}

/// <summary>What the check of an input needs; times as in <see cref="CheckRun"/>.</summary>
internal sealed record CheckServices(CallOptions Calls, TimeProvider Time, TimeSpan Patience, TimeSpan Timeout)
{
    /// <summary>The configured HEP inputs, where a switch's SIP should go.</summary>
    public IReadOnlyList<HepInputConfiguration> HepInputs { get; init; } = [];
}
