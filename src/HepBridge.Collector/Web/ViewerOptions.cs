using System.Net;
using Microsoft.Extensions.Logging;

namespace HepBridge.Collector.Web;

/// <summary>Address of the page, and access to it.</summary>
public sealed class ViewerOptions
{
    /// <summary>Shortest accepted token: anything shorter could be guessed.</summary>
    public const int MinTokenLength = 16;

    /// <summary>Address and port; port 0 picks a free one. Default 127.0.0.1:9080.</summary>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 9080);

    /// <summary>Required for access if set, at least 16 characters; must be set to listen beyond loopback.</summary>
    public string? Token { get; init; }

    /// <summary>Host names accepted in requests in addition to localhost and the address itself. Others are rejected.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether HEP3 files can be imported. Default false.</summary>
    public bool AllowImport { get; init; }

    /// <summary>For the web server's warnings and errors; null: none are logged.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
