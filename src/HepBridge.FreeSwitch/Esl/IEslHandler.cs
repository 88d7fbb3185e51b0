namespace HepBridge.FreeSwitch.Esl;

/// <summary>Receives what an <see cref="EslClient"/> reports. Calls never overlap, except <see cref="OnChannelDump"/> and <see cref="OnChannelsRebuilt"/>.</summary>
public interface IEslHandler
{
    /// <summary>Logged in and subscribed: events follow.</summary>
    void OnConnected(in EslConnected connected);

    /// <summary>Called after each receive, on the connection's own thread. Read <paramref name="frames"/> until it returns false; the rest waits for the next receive.</summary>
    void OnFrames(EslEventFrames frames);

    /// <summary>A later command of the subscription was refused; the connection continues without it.</summary>
    void OnRefused(string message);

    /// <summary>The connection ended or an attempt failed. Called for every failure; use <see cref="EslDisconnected.IsNews"/> to warn once per state.</summary>
    void OnDisconnected(in EslDisconnected disconnected);

    /// <summary>A channel in progress at login, as a CHANNEL_DATA event in plain format. Called from another thread than the frames.</summary>
    void OnChannelDump(ReadOnlySpan<byte> plainEvent);

    /// <summary>All channels in progress were reported, or the query failed. Called from another thread than the frames.</summary>
    void OnChannelsRebuilt(in ChannelSyncResult result);
}
