namespace HepBridge.Collector.Store;

/// <summary>When audio counts as bad: below MOS 3.6 many users are dissatisfied (ITU-T G.107, annex B); 3 % loss is audible with any codec.</summary>
internal static class MediaQuality
{
    public const double BadMos = 3.6;
    public const double FairMos = 4.0;
    public const double BadLossPercent = 3;
    public const double FairLossPercent = 1;

    // The jitter estimate (RFC 3550, A.8) jumps by minutes when RTP timestamps restart, for example after a transfer.
    private const double MostJitterMs = 10_000;

    /// <summary>The jitter, or null if it is only the effect of restarted timestamps.</summary>
    public static double? Jitter(double? milliseconds) => milliseconds <= MostJitterMs ? milliseconds : null;

    /// <summary>The worse of the levels for the two figures; unknown if both are.</summary>
    public static QualityLevel Level(double? mos, double? lossPercent)
    {
        if (mos is null && lossPercent is null)
        {
            return QualityLevel.Unknown;
        }

        if (mos < BadMos || lossPercent >= BadLossPercent)
        {
            return QualityLevel.Bad;
        }

        return mos < FairMos || lossPercent >= FairLossPercent ? QualityLevel.Fair : QualityLevel.Good;
    }
}

/// <summary>Audio quality, by the thresholds of <see cref="MediaQuality"/>.</summary>
internal enum QualityLevel
{
    Unknown,
    Good,
    Fair,
    Bad,
}
