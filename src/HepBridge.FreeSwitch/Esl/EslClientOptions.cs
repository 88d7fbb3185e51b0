namespace HepBridge.FreeSwitch.Esl;

public sealed class EslClientOptions
{
    public required EslEndpoint Endpoint { get; init; }

    /// <summary>The initial subscription; see <see cref="EslClient.ChangeSubscriptionAsync"/>.</summary>
    public required EslSubscription Subscription { get; init; }

    /// <summary>Whether to query the channels in progress over a second, short-lived connection.</summary>
    public bool RebuildChannels { get; init; } = true;

    /// <summary>Longest wait for each of: name resolution, connection, login, first reply.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest frame in bytes.</summary>
    public int MaxFrame { get; init; } = EslFrameReader.DefaultMaxFrame;
}
