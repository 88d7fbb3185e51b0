using System.CommandLine;

namespace HepBridge.Commands;

/// <summary>The command line with all its commands.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        RootCommand root = new(
            """
            HepBridge forwards FreeSWITCH events to Homer: call logs, RTCP and quality reports as HEP3 packets, each under its own leg's
            SIP Call-ID.

            Try it without any setup: hepbridge demo. COMMAND --help explains each command, with examples.
            Exit codes: 0 success, 1 failure, 2 wrong usage or invalid configuration.
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
        return root;
    }
}
