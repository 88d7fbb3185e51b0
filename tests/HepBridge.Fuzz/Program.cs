using HepBridge.Fuzz.Runs;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Fuzz;

/// <summary>Feeds mutated real data to every parser, decoder and reader. Exit code 0: all passed; 1: an input failed; 2: invalid arguments.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        if (FuzzOptions.TryParse(args, Console.Error) is not { } options)
        {
            return 2;
        }

        IReadOnlyList<FuzzTarget> targets = options.Targets.Count == 0 ? TargetList.All : [.. TargetList.All.Where(target => options.Targets.Contains(target.Name))];
        if (options.Input is { } input)
        {
            return Repeat.Input(targets, input, Console.Out);
        }

        return new FuzzSession(options, Console.Out).Run(targets) ? 0 : 1;
    }
}
