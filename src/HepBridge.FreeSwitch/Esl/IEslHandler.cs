namespace HepBridge.FreeSwitch.Esl;

/// <summary>What an <see cref="EslClient"/> tells its owner. Calls never overlap, except <see cref="OnChannelDump"/> and <see cref="OnChannelsRebuilt"/>.</summary>
public interface IEslHandler
{
    /// <summary>Logged in and subscribed: events come from now on.</summary>
    void OnConnected(in EslConnected connected);

    /// <summary>One event or log line, valid during the call. On the connection's own thread.</summary>
    void OnFrame(in EslFrame frame);

    /// <summary>All whole frames of a receive have been handed over. On the connection's own thread.</summary>
    void OnBatchEnd();

    /// <summary>A later command of the subscription was refused; the connection goes on without what it asked for.</summary>
    void OnRefused(string message);

    /// <summary>The connection ended, or a try failed. One call a failure; see <see cref="EslDisconnected.IsNews"/> for one warning a state.</summary>
    void OnDisconnected(in EslDisconnected disconnected);

    /// <summary>A channel that was already there at the login: an event CHANNEL_DATA in plain form. From another thread than the frames.</summary>
    void OnChannelDump(ReadOnlySpan<byte> plainEvent);

    /// <summary>All channels that were already there have been told, or why not. From another thread than the frames.</summary>
    void OnChannelsRebuilt(in ChannelSyncResult result);
}
