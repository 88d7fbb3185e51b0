using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HepBridge.Collector.Web;

/// <summary>Kestrel on one address, as all of HepBridge's servers use it.</summary>
internal static class WebServer
{
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Builds a server without middleware.</summary>
    /// <param name="endPoint">Where it will listen.</param>
    /// <param name="maxConnections">Further connections are refused.</param>
    /// <param name="maxBody">Largest request body in bytes; null if the handler counts itself.</param>
    /// <param name="loggers">Null: no log.</param>
    public static WebApplication Build(IPEndPoint endPoint, int maxConnections, long? maxBody, ILoggerFactory? loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "HepBridge" });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = _stopTimeout);
        if (loggers is not null)
        {
            builder.Services.AddSingleton(loggers);
        }

        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = maxConnections;
            kestrel.Limits.MaxRequestBodySize = maxBody;
            kestrel.Listen(endPoint);
        });
        return builder.Build();
    }

    /// <summary>Starts listening; disposes the server if that fails.</summary>
    /// <exception cref="IOException">The address is in use or not this machine's.</exception>
    public static async Task StartOrDisposeAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its address, including the port it got.</summary>
    public static Uri Address(this WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async ValueTask StopAndDisposeAsync(this WebApplication app)
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
