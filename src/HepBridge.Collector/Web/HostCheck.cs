using System.Net;
using Microsoft.AspNetCore.Http;

namespace HepBridge.Collector.Web;

/// <summary>
/// Rejects requests to unknown host names: otherwise a foreign web page could point its own name to 127.0.0.1 and read
/// the calls through the visitor's browser (DNS rebinding).
/// </summary>
internal sealed class HostCheck(IReadOnlyList<string> allowed)
{
    public Task Run(HttpContext context, RequestDelegate next)
    {
        if (IsAllowed(context.Request.Host.Host, context.Connection.LocalIpAddress))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return context.Response.WriteAsync("This page is not served under that name. Use its address, or add the name to web.allowed_hosts.", context.RequestAborted);
    }

    private bool IsAllowed(string host, IPAddress? local)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return IPAddress.IsLoopback(address) || address.Equals(local) || (local is not null && address.Equals(local.MapToIPv4()));
        }

        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || allowed.Contains(host, StringComparer.OrdinalIgnoreCase);
    }
}
