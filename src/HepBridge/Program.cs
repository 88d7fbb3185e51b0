using System.CommandLine;
using HepBridge.Commands;

ParseResult parsed = CommandLine.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    parsed.Invoke();
    return 2;
}

// Each command stops on SIGINT and SIGTERM within its own time limit; this timeout only ends a process that hangs.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(10) });
