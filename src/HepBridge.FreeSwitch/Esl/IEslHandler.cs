namespace HepBridge.FreeSwitch.Esl;

/// <summary>Receives what an <see cref="EslClient"/> reports. Calls never overlap, except <see cref="OnChannelDump"/> and <see cref="OnChannelsRebuilt"/>.</summary>
public interface IEslHandler
{
    /// <summary>Logged in and subscribed: events follow.</summary>
    void OnConnected(in EslConnected connected);

    /// <summary>One event or log line, valid during the call. On the connection's own thread.</summary>
    void OnFrame(in EslFrame frame);

    /// <summary>All complete frames of a receive have been passed on. On the connection's own thread.</summary>
    void OnBatchEnd();

    /// <summary>A later command of the subscription was refused; the connection continues without it.</summary>
    void OnRefused(string message);

    /// <summary>The connection ended or an attempt failed. Called for every failure; use <see cref="EslDisconnected.IsNews"/> to warn once per state.</summary>
    void OnDisconnected(in EslDisconnected disconnected);

    /// <summary>A channel in progress at login, as a CHANNEL_DATA event in plain format. Called from another thread than the frames.</summary>
    void OnChannelDump(ReadOnlySpan<byte> plainEvent);

    /// <summary>All channels in progress were reported, or the query failed. Called from another thread than the frames.</summary>
    void OnChannelsRebuilt(in ChannelSyncResult result);
}

/// <summary>An established connection.</summary>
/// <param name="Endpoint">The switch.</param>
/// <param name="FailuresBefore">Failed attempts since the last connection or the start.</param>
/// <param name="IsFirst">Whether it is the first one of this client.</param>
public readonly record struct EslConnected(EslEndpoint Endpoint, int FailuresBefore, bool IsFirst);

/// <summary>A lost connection or a failed attempt.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Message">One sentence: what happened and what to check.</param>
/// <param name="WasConnected">Whether the connection was established.</param>
/// <param name="Failures">Failures in a row, including this one.</param>
/// <param name="NextTry">Delay before the next attempt; zero if there is none.</param>
/// <param name="IsNews">Whether the state changed: a connection was lost, or the reason differs from the last failure's.</param>
public readonly record struct EslDisconnected(
    EslDisconnectReason Reason, string Message, bool WasConnected, int Failures, TimeSpan NextTry, bool IsNews);
