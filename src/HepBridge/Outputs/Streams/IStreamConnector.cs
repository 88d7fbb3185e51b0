namespace HepBridge.Outputs.Streams;

/// <summary>Connects to collectors.</summary>
internal interface IStreamConnector
{
    /// <summary>"tcp" or "tls".</summary>
    string Transport { get; }

    /// <exception cref="ConnectFailedException">It failed; the message says why and what to check.</exception>
    Task<StreamConnection> ConnectAsync(CollectorAddress address, WakeSignal wake, CancellationToken cancellationToken);

    /// <summary>Whether files used for the last connection have changed.</summary>
    bool HasChanged();
}

/// <summary>A collector could not be reached. The message is logged as is.</summary>
internal sealed class ConnectFailedException(string message, Exception? inner = null) : Exception(message, inner);
