namespace HepBridge.Benchmarks.Load;

/// <summary>Result of one measurement.</summary>
internal sealed record LoadResult
{
    /// <summary>Events in the measured part.</summary>
    public required long Events { get; init; }

    /// <summary>From sending the first event to receiving the last datagram.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Processor time of the client for the measured part.</summary>
    public required TimeSpan Processor { get; init; }

    /// <summary>Processor time of the client from its start to the last event.</summary>
    public required TimeSpan ProcessorWithStart { get; init; }

    /// <summary>Resident memory at the end, in megabytes.</summary>
    public required double Megabytes { get; init; }

    public required long Datagrams { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Datagrams dropped by the kernel before the collector read them.</summary>
    public required long Dropped { get; init; }

    /// <summary>Datagrams that are not HEP: all of the floor's.</summary>
    public required long NotHep { get; init; }

    /// <summary>From the client's start to the first datagram.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Milliseconds from sending an event to receiving its datagram, sorted.</summary>
    public required double[] Direct { get; init; }

    /// <summary>The same for events held until their Call-ID was known, from the sending of the event that contained it.</summary>
    public required double[] Held { get; init; }

    public double EventsPerSecond => Events / Duration.TotalSeconds;

    public double MicrosecondsWithStart => ProcessorWithStart.TotalMicroseconds / Events;

    public double MicrosecondsPerEvent => Processor.TotalMicroseconds / Events;

    public static double Percentile(double[] ordered, double share) => ordered.Length == 0 ? double.NaN : ordered[(int)(share * (ordered.Length - 1))];
}

/// <summary>Cost of an idle client.</summary>
/// <param name="Megabytes">Resident memory.</param>
/// <param name="Wakeups">Wakeups of its threads per second.</param>
/// <param name="Processor">Share of one core.</param>
internal sealed record IdleResult(double Megabytes, double Wakeups, double Processor);
