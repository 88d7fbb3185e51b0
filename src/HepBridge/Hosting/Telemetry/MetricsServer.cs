using System.Net;
using System.Text;
using HepBridge.Collector.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Serves <c>/metrics</c> and <c>/health</c>: numbers and reasons, no call data. Dispose it to stop.</summary>
internal sealed class MetricsServer(WebApplication app) : IAsyncDisposable
{
    private const int MaxConnections = 32;
    private const string Paths = "/metrics: Prometheus text. /health, /health/live, /health/ready: JSON, 200 or 503.\n";

    /// <summary>Its address, with the actual port.</summary>
    public Uri Address => app.Address();

    /// <exception cref="IOException">The address is in use or not on this host.</exception>
    public static async Task<MetricsServer> StartAsync(
        IPEndPoint endPoint, IReadOnlyList<string> allowedHosts, PrometheusText metrics, AgentHealth health, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        WebApplication app = WebServer.Build(endPoint, MaxConnections, maxBody: 0, loggers);
        app.Use(new HostCheck(allowedHosts, "metrics.allowed_hosts").Run);
        app.Run(context => AnswerAsync(context, metrics, health));
        await app.StartOrDisposeAsync(cancellationToken);
        return new MetricsServer(app);
    }

    public ValueTask DisposeAsync() => app.StopAndDisposeAsync();

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
