using System.Globalization;

namespace HepBridge.Benchmarks.Soak;

/// <summary>The command line of <c>soak</c>.</summary>
/// <param name="Duration">How long events are sent.</param>
/// <param name="Rate">Events a second on average.</param>
/// <param name="Live">Legs that live at once.</param>
/// <param name="Seed">What happens when.</param>
internal sealed record SoakOptions(TimeSpan Duration, int Rate, int Live, int Seed)
{
    public const string Usage = "soak [--minutes N] [--rate EVENTS/s] [--live LEGS] [--seed N]";

    /// <summary>Between samples: enough of them for a line through them, few enough for a long run.</summary>
    public TimeSpan SampleInterval => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 120, 0.5, 60));

    /// <summary>A leg is dropped after this long without an event: the shortest time the configuration allows.</summary>
    public static TimeSpan LegAge => TimeSpan.FromMinutes(1);

    /// <summary>Whether legs grow old within the run at all.</summary>
    public bool IsShort => Duration < 4 * LegAge;

    /// <summary>How long events wait for a Call-ID.</summary>
    public TimeSpan HoldTime => TimeSpan.FromSeconds(IsShort ? 2 : 20);

    /// <summary>Most legs that are known: in a short run fewer than live, so that this bound is reached where age isn't.</summary>
    public int MaxLegs => IsShort ? Math.Max(100, Live / 2) : 4 * Live;

    /// <summary>When what is bounded has reached its bounds: three times a leg's age, or a third of a run that is shorter than that.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Min(Duration.TotalSeconds / 3, 3 * LegAge.TotalSeconds));

    /// <summary>Between one mishap of each kind and the next.</summary>
    public TimeSpan Period => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 4, 3, 60));

    /// <summary>Null: these are no such options.</summary>
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
