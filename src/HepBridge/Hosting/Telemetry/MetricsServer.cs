using System.Net;
using System.Text;
using HepBridge.Collector.Web;
using HepBridge.Hosting.Telemetry.Prometheus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Serves <c>/metrics</c> and <c>/health</c>: numbers and reasons, no call data. Dispose it to stop.</summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private const int MaxConnections = 32;
    private const string Paths = "/metrics: Prometheus text. /health, /health/live, /health/ready: JSON, 200 or 503.\n";
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private MetricsServer(WebApplication app) => _app = app;

    /// <summary>Its address, with the actual port.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The address is in use or not on this host.</exception>
    public static async Task<MetricsServer> StartAsync(
        IPEndPoint endPoint, IReadOnlyList<string> allowedHosts, PrometheusText metrics, AgentHealth health, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "HepBridge" });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = _stopTimeout);
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(endPoint);
        });
        WebApplication app = builder.Build();
        app.Use(new HostCheck(allowedHosts, "metrics.allowed_hosts").Run);
        app.Run(context => AnswerAsync(context, metrics, health));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new MetricsServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task AnswerAsync(HttpContext context, PrometheusText metrics, AgentHealth health)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return TextAsync(context, StatusCodes.Status405MethodNotAllowed, Paths);
        }

        return context.Request.Path.Value switch
        {
            "/metrics" => TextAsync(context, StatusCodes.Status200OK, metrics.Write(), PrometheusText.ContentType),
            "/health" => HealthAsync(context, health.All()),
            "/health/live" => HealthAsync(context, health.Live()),
            "/health/ready" => HealthAsync(context, health.Ready()),
            "/" => TextAsync(context, StatusCodes.Status200OK, Paths),
            _ => TextAsync(context, StatusCodes.Status404NotFound, Paths),
        };
    }

    private static Task HealthAsync(HttpContext context, HealthReport report) => WriteAsync(
        context,
        report.Status == HealthLevel.Failing ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK,
        report.ToJson(),
        "application/json");

    private static Task TextAsync(HttpContext context, int status, string text, string contentType = "text/plain; charset=utf-8") =>
        WriteAsync(context, status, Encoding.UTF8.GetBytes(text), contentType);

    private static Task WriteAsync(HttpContext context, int status, byte[] body, string contentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }
}
