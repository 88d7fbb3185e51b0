using System.Net;
using Microsoft.Extensions.Logging;

namespace HepBridge.Collector.Web;

/// <summary>Where and for whom the page is.</summary>
public sealed class ViewerOptions
{
    /// <summary>Shortest token taken: below that it could be guessed.</summary>
    public const int MinTokenLength = 16;

    /// <summary>Address and port; port 0 takes a free one. Default 127.0.0.1:9080.</summary>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 9080);

    /// <summary>What one has to know to see anything, at least 16 characters; must be set to listen beyond loopback.</summary>
    public string? Token { get; init; }

    /// <summary>Host names that requests may use besides localhost and the address itself. Requests for other names are rejected.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether a HEP3 file may be sent in. Default false.</summary>
    public bool AllowImport { get; init; }

    /// <summary>Takes the web server's warnings and errors; null: none are written.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
