using System.Net;

namespace HepBridge.Replay;

internal sealed record ReplayServerOptions
{
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>The password of <c>auth</c> and <c>userauth</c>.</summary>
    public string Password { get; init; } = "ClueCon";

    /// <summary>The only <c>user@domain</c> that <c>userauth</c> accepts; null for any.</summary>
    public string? User { get; init; }

    /// <summary>Reject every client like an access list.</summary>
    public bool Reject { get; init; }

    /// <summary>Keep connections open after the last event.</summary>
    public bool Stay { get; init; }

    /// <summary>Exit after the first connection that was played to.</summary>
    public bool Once { get; init; }

    /// <summary>Playback starts this long after the last <c>event</c> or <c>log</c> command, because clients send several.</summary>
    public TimeSpan StartDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Pace and times.</summary>
    public PlaybackOptions Playback { get; init; } = new();
}
