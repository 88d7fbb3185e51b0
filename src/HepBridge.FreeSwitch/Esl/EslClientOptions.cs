namespace HepBridge.FreeSwitch.Esl;

/// <summary>How an <see cref="EslClient"/> behaves.</summary>
public sealed class EslClientOptions
{
    /// <summary>The switch.</summary>
    public required EslEndpoint Endpoint { get; init; }

    /// <summary>What is wanted at the start; see <see cref="EslClient.ChangeSubscriptionAsync"/>.</summary>
    public required EslSubscription Subscription { get; init; }

    /// <summary>Whether a second, short-lived connection asks for the channels that are already there.</summary>
    public bool RebuildChannels { get; init; } = true;

    /// <summary>Longest wait for each of: name, connection, login, first answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest frame, bytes.</summary>
    public int MaxFrame { get; init; } = EslFrameReader.DefaultMaxFrame;
}
