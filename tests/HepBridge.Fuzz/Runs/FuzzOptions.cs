using System.Globalization;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Fuzz.Runs;

/// <summary>The command line.</summary>
internal sealed class FuzzOptions
{
    private const string Usage = """
        usage: HepBridge.Fuzz [TARGET…|all] [--runs N] [--seconds N] [--seed N] [--failures DIRECTORY]
               HepBridge.Fuzz TARGET --input FILE      one input again, as it was written down when it failed

          --runs N       inputs for each target; with --seconds whichever ends first. Default 100,000, without end if --seconds is given
          --seconds N    time for each target
          --seed N       another series of inputs; run N of a seed is the same input on every machine. Default 1
          --failures D   where failing inputs are written to. Default artifacts/fuzz

        targets:
        """;

    /// <summary>Names of targets; empty: all.</summary>
    public IReadOnlyList<string> Targets { get; private init; } = [];

    public long Runs { get; private init; }

    public TimeSpan? Time { get; private init; }

    public ulong Seed { get; private init; } = 1;

    public string? Input { get; private init; }

    /// <summary>Directory for failing inputs.</summary>
    public string Failures { get; private init; } = Path.Combine("artifacts", "fuzz");

    /// <summary>Parses the options; null, with the reason on <paramref name="error"/>, if they are invalid.</summary>
    public static FuzzOptions? TryParse(string[] args, TextWriter error)
    {
        List<string> targets = [];
        long? runs = null;
        double? seconds = null;
        ulong seed = 1;
        string? input = null;
        string failures = Path.Combine("artifacts", "fuzz");
        for (int i = 0; i < args.Length; i++)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool good = true;
            switch (args[i])
            {
                case "--runs":
                    good = long.TryParse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out long count) && count > 0;
                    runs = count;
                    i++;
                    break;
                case "--seconds":
                    good = double.TryParse(value, CultureInfo.InvariantCulture, out double number) && number > 0;
                    seconds = number;
                    i++;
                    break;
                case "--seed":
                    good = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
                    i++;
                    break;
                case "--input":
                    good = File.Exists(value);
                    input = value;
                    i++;
                    break;
                case "--failures":
                    good = value.Length > 0;
                    failures = value;
                    i++;
                    break;
                case "all":
                    break;
                default:
                    good = TargetList.All.Any(target => target.Name == args[i]);
                    targets.Add(args[i]);
                    break;
            }

            if (!good)
            {
                error.WriteLine($"'{string.Join(' ', args[Math.Min(i - 1, i)..Math.Min(i + 1, args.Length)])}' is not understood.");
                WriteUsage(error);
                return null;
            }
        }

        if (input is not null && targets.Count != 1)
        {
            error.WriteLine("--input wants the one target that the file is for.");
            return null;
        }

        return new FuzzOptions
        {
            Targets = targets,
            Runs = runs ?? (seconds is null ? 100_000 : long.MaxValue),
            Time = seconds is { } time ? TimeSpan.FromSeconds(time) : null,
            Seed = seed,
            Input = input,
            Failures = failures,
        };
    }

    private static void WriteUsage(TextWriter error)
    {
        error.WriteLine(Usage);
        foreach (FuzzTarget target in TargetList.All)
        {
            error.WriteLine($"  {target.Name,-18} {target.What}");
        }
    }
}
