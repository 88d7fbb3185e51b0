using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HepBridge.Commands;

/// <summary>A command whose own help has details and examples in addition to its line in the list of commands.</summary>
internal sealed class DetailedCommand(string name, string summary, string details) : Command(name, summary)
{
    public string Details { get; } = details;

    /// <summary>Makes the help of all commands under <paramref name="root"/> show their details.</summary>
    public static void ShowDetails(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new DetailedHelp((HelpAction)help.Action!);
    }

    private sealed class DetailedHelp(HelpAction plain) : SynchronousCommandLineAction
    {
        /// <summary>Help works without the command's required arguments.</summary>
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int result = plain.Invoke(parseResult);
            if (parseResult.CommandResult.Command is DetailedCommand command)
            {
                parseResult.InvocationConfiguration.Output.WriteLine(command.Details);
            }

            return result;
        }
    }
}
