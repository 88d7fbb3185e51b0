namespace HepBridge.Benchmarks.Load;

/// <summary>What one measurement gave.</summary>
internal sealed record LoadResult
{
    /// <summary>Events of the measured part.</summary>
    public required long Events { get; init; }

    /// <summary>From the first event's sending to the last datagram's coming.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Processor time of the client in the measured part.</summary>
    public required TimeSpan Processor { get; init; }

    /// <summary>Processor time of the client from its start to the last event.</summary>
    public required TimeSpan ProcessorWithStart { get; init; }

    /// <summary>Resident memory at the end, in megabytes.</summary>
    public required double Megabytes { get; init; }

    public required long Datagrams { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Datagrams that the kernel dropped before the collector.</summary>
    public required long Dropped { get; init; }

    /// <summary>Datagrams that were no HEP: all of the floor's.</summary>
    public required long NotHep { get; init; }

    /// <summary>From the client's start to the first datagram.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Milliseconds from an event's sending to its datagram's coming, in order.</summary>
    public required double[] Direct { get; init; }

    /// <summary>The same of events that had to wait for their Call-ID, from the sending of the event that brought it.</summary>
    public required double[] Held { get; init; }

    public double EventsPerSecond => Events / Duration.TotalSeconds;

    public double MicrosecondsWithStart => ProcessorWithStart.TotalMicroseconds / Events;

    public double MicrosecondsPerEvent => Processor.TotalMicroseconds / Events;

    public static double Percentile(double[] ordered, double share) => ordered.Length == 0 ? double.NaN : ordered[(int)(share * (ordered.Length - 1))];
}

/// <summary>What a client costs that has nothing to do.</summary>
/// <param name="Megabytes">Resident memory.</param>
/// <param name="Wakeups">Wakeups of its threads a second.</param>
/// <param name="Processor">Share of one core.</param>
internal sealed record IdleResult(double Megabytes, double Wakeups, double Processor);
