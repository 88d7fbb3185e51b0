using System.Net;

namespace HepBridge.Replay;

/// <summary>How the stand-in event socket behaves.</summary>
internal sealed record ReplayServerOptions
{
    /// <summary>Where it listens.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The password of <c>auth</c> and <c>userauth</c>.</summary>
    public string Password { get; init; } = "ClueCon";

    /// <summary>The one <c>user@domain</c> of <c>userauth</c>; null: any.</summary>
    public string? User { get; init; }

    /// <summary>Every client is refused as by an access list.</summary>
    public bool Reject { get; init; }

    /// <summary>Connections stay open after the last event.</summary>
    public bool Stay { get; init; }

    /// <summary>The server ends with the first connection that was played to.</summary>
    public bool Once { get; init; }

    /// <summary>So long after the last <c>event</c> or <c>log</c> command the playing begins: clients send several.</summary>
    public TimeSpan StartDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Pace and times.</summary>
    public PlaybackOptions Playback { get; init; } = new();
}
