using System.Net;
using HepBridge.Collector.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HepBridge.Collector.Web;

/// <summary>The running page: Kestrel with its API over one store. Dispose it to stop.</summary>
public sealed class ViewerHost : IAsyncDisposable
{
    private const int MaxConnections = 128;
    private const long MaxBody = 64 << 10;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;
    private readonly Task _intake;
    private readonly Task _history;
    private int _disposed;

    private ViewerHost(WebApplication app, PacketIntake intake, RateHistory history, CancellationTokenSource stopping, Uri address)
    {
        _app = app;
        _stopping = stopping;
        Intake = intake;
        Address = address;
        _intake = intake.RunAsync(stopping.Token);
        _history = history.RunAsync(stopping.Token);
    }

    /// <summary>For senders that must not wait; others can call the store directly.</summary>
    public PacketIntake Intake { get; }

    /// <summary>Its address, with the actual port.</summary>
    public Uri Address { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="options">Address and access.</param>
    /// <param name="store">The calls to show.</param>
    /// <param name="status">The agent's state; null without an agent.</param>
    /// <param name="cancellationToken">Cancels the start, not the host.</param>
    /// <exception cref="ArgumentException">The endpoint is not loopback and there is no token, or the token is too short.</exception>
    /// <exception cref="IOException">The address is in use or not on this host.</exception>
    public static async Task<ViewerHost> StartAsync(ViewerOptions options, CallStore store, IStatusSource? status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        Check(options);
        // Requests are not logged: searches contain call data.
        WebApplication app = WebServer.Build(options.Endpoint, MaxConnections, MaxBody, options.LoggerFactory);
        PacketIntake intake = new(store, options.LoggerFactory?.CreateLogger(typeof(PacketIntake).FullName!));
        RateHistory history = new(store, status, options.TimeProvider);
        CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(app.Lifetime.ApplicationStopping);
        try
        {
            app.Use(new HostCheck(options.AllowedHosts, "web.allowed_hosts").Run);
            app.Use(AddSecurityHeaders);
            app.Use(new TokenGate(options.Token).Run);
            new ViewerEndpoints(options, store, intake, status, history, stopping.Token).Map(app);
            await app.StartAsync(cancellationToken);
            return new ViewerHost(app, intake, history, stopping, app.Address());
        }
        catch
        {
            stopping.Dispose();
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _intake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _history.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    // The browser runs only this page's own files, stores nothing, and shows it in no frame.
    private static Task AddSecurityHeaders(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    }

    private static void Check(ViewerOptions options)
    {
        if (options.Token is { Length: < ViewerOptions.MinTokenLength })
        {
            throw new ArgumentException($"The web token has fewer than {ViewerOptions.MinTokenLength} characters: use a longer one.", nameof(options));
        }

        if (options.Token is null && !IPAddress.IsLoopback(options.Endpoint.Address))
        {
            throw new ArgumentException(
                $"The page shows who called whom, so at {options.Endpoint} it needs a token: set web.token, or listen on 127.0.0.1.", nameof(options));
        }
    }
}

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
