namespace HepBridge.Outputs.Streams;

/// <summary>Makes connections to collectors.</summary>
internal interface IStreamConnector
{
    /// <summary>"tcp" or "tls".</summary>
    string Transport { get; }

    /// <exception cref="ConnectFailedException">It did not work; the message says why and what to look at.</exception>
    Task<StreamConnection> ConnectAsync(CollectorAddress address, WakeSignal wake, CancellationToken cancellationToken);

    /// <summary>Whether files that the last connection was made with have changed since.</summary>
    bool HasChanged();
}

/// <summary>A collector could not be reached. The message stands in the log as it is.</summary>
internal sealed class ConnectFailedException(string message, Exception? inner = null) : Exception(message, inner);
