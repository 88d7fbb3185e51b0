using System.CommandLine;
using HepBridge.Commands;
using HepBridge.Configuration;

ParseResult parsed = CommandLine.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    parsed.Invoke();
    return 2;
}

// Each command stops on SIGINT and SIGTERM within its own time limit; this timeout only ends a process that hangs.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = AgentConfiguration.LongestShutdownTimeout + TimeSpan.FromSeconds(10) });
