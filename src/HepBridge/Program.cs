using System.CommandLine;
using HepBridge.Commands;

RootCommand root = new(
    """
    HepBridge tells Homer what FreeSWITCH knows of each call: it takes the switch's events and sends call logs, RTCP and quality
    reports as HEP3 packets, each under the SIP Call-ID of its own leg.

    To see it work, with nothing set up: hepbridge demo. COMMAND --help says more, with examples.
    Exit codes: 0 done, 1 failed, 2 bad usage or configuration.
    """)
{
    RunCommand.Create(),
    DemoCommand.Create(),
    CheckCommand.Create(),
    ReplayCommand.Create(),
    RecordCommand.Create(),
    ListenCommand.Create(),
    PeersCommand.Create(),
};
Option<string?> config = RunCommand.CreateConfigOption();
root.Add(config);
DetailedCommand.ShowDetails(root);
root.SetAction((result, cancellationToken) => RunCommand.RunAsync(result.GetValue(config), result.InvocationConfiguration.Error, cancellationToken));

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    parsed.Invoke();
    return 2;
}

// Every command ends by itself on SIGINT and SIGTERM, and knows its own limit; this one only keeps a hung process from staying for ever.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(10) });
