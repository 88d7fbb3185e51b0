using System.Globalization;

namespace HepBridge.Benchmarks.Soak;

/// <summary>The command line of <c>soak</c>.</summary>
/// <param name="Duration">How long to send events.</param>
/// <param name="Rate">Events per second on average.</param>
/// <param name="Live">Concurrent legs.</param>
/// <param name="Seed">Seed for the random sequence of events.</param>
internal sealed record SoakOptions(TimeSpan Duration, int Rate, int Live, int Seed)
{
    public const string Usage = "soak [--minutes N] [--rate EVENTS/s] [--live LEGS] [--seed N]";

    /// <summary>Time between samples: enough samples to fit a line, few enough for a long run.</summary>
    public TimeSpan SampleInterval => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 120, 0.5, 60));

    /// <summary>A leg is dropped after this long without an event: the shortest time the configuration allows.</summary>
    public static TimeSpan LegAge => TimeSpan.FromMinutes(1);

    /// <summary>Whether the run is too short for legs to time out.</summary>
    public bool IsShort => Duration < 4 * LegAge;

    /// <summary>How long events are held for a Call-ID.</summary>
    public TimeSpan HoldTime => TimeSpan.FromSeconds(IsShort ? 2 : 20);

    /// <summary>Most legs tracked: in a short run fewer than are live, so that this limit is reached instead of the age.</summary>
    public int MaxLegs => IsShort ? Math.Max(100, Live / 2) : 4 * Live;

    /// <summary>When all bounded tables have filled up: three times a leg's age, or a third of a run that is shorter than that.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Min(Duration.TotalSeconds / 3, 3 * LegAge.TotalSeconds));

    /// <summary>Time between two disturbances of the same kind.</summary>
    public TimeSpan Period => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 4, 3, 60));

    /// <summary>Parses the options; null if invalid.</summary>
    public static SoakOptions? TryParse(string[] args)
    {
        SoakOptions options = new(TimeSpan.FromMinutes(10), 1_500, 5_000, 1);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out double value) || value <= 0)
            {
                return null;
            }

            switch (args[i])
            {
                case "--minutes":
                    options = options with { Duration = TimeSpan.FromMinutes(value) };
                    break;
                case "--rate":
                    options = options with { Rate = (int)value };
                    break;
                case "--live":
                    options = options with { Live = (int)value };
                    break;
                case "--seed":
                    options = options with { Seed = (int)value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
