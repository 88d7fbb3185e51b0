using System.Net;
using System.Net.NetworkInformation;
using Microsoft.AspNetCore.Http;

namespace HepBridge.Collector.Web;

/// <summary>
/// Rejects requests to unknown host names: otherwise a foreign web page could point its own name here and read the answers through the visitor's
/// browser (DNS rebinding). A request to an address cannot be that.
/// </summary>
/// <param name="allowed">Further names.</param>
/// <param name="key">The configuration key that adds names.</param>
internal sealed class HostCheck(IReadOnlyList<string> allowed, string key)
{
    // Not the machine's name in any domain: anyone can own one of those.
    private static readonly string[] _own = ["localhost", Environment.MachineName, Dns.GetHostName(), $"{Environment.MachineName}.{IPGlobalProperties.GetIPGlobalProperties().DomainName}"];

    public bool Allows(string host) =>
        IPAddress.TryParse(host, out _)
        || _own.Contains(host, StringComparer.OrdinalIgnoreCase)
        || allowed.Contains(host, StringComparer.OrdinalIgnoreCase);

    public Task Run(HttpContext context, RequestDelegate next)
    {
        if (Allows(context.Request.Host.Host))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"Nothing is served under that name. Use an address, or add the name to {key}.\n", context.RequestAborted);
    }
}
