using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using HepBridge.Collector.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HepBridge.Collector.Web;

/// <summary>The addresses of the page and of its API.</summary>
internal sealed class ViewerEndpoints(ViewerOptions options, CallStore store, PacketIntake intake, IStatusSource? status, CancellationToken stopping)
{
    private const int MaxSearchLength = 256;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (RequestDelegate)(context => PageAssets.SendAsync(context, "index.html")));
        foreach (string name in PageAssets.Names.Where(n => !n.EndsWith(".html", StringComparison.Ordinal)))
        {
            routes.MapGet("/" + name, (RequestDelegate)(context => PageAssets.SendAsync(context, name)));
        }

        routes.MapGet("/api/calls", (RequestDelegate)ListAsync);
        routes.MapGet("/api/calls/{id:long}", (RequestDelegate)CallAsync);
        routes.MapGet("/api/calls/{id:long}/packets/{number:int}", (RequestDelegate)PacketAsync);
        routes.MapGet("/api/calls/{id:long}/export.json", (RequestDelegate)ExportJsonAsync);
        routes.MapGet("/api/calls/{id:long}/export.hep", (RequestDelegate)ExportHepAsync);
        routes.MapGet("/api/status", (RequestDelegate)StatusAsync);
        routes.MapGet("/api/live", (RequestDelegate)new LiveFeed(store, options.TimeProvider, stopping).RunAsync);
        routes.MapPost("/api/import", (RequestDelegate)new StreamImport(store, options.AllowImport).RunAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        string text = query["q"].ToString().Trim();
        CallQuery search = new(
            text.Length > MaxSearchLength ? text[..MaxSearchLength] : text,
            query["kind"].ToString(),
            query["bad"] == "1",
            query["sort"].ToString(),
            query["dir"] == "asc",
            Number(query["page"].ToString(), 0),
            Number(query["size"].ToString(), 50));
        return Reply(context, search.Run(store), ViewerJson.Default.CallPage);
    }

    private Task CallAsync(HttpContext context)
    {
        // The page asks again whenever anything changed anywhere; most often this call did not.
        long id = Id(context);
        bool all = AllLegs(context);
        string tag = $"\"{CallView.Tag(store, id)}{(all ? "-all" : string.Empty)}\"";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.Headers.ETag = tag;
        return Reply(context, CallView.Detail(store, id, all), ViewerJson.Default.CallDetail);
    }

    private Task PacketAsync(HttpContext context) =>
        Reply(context, CallView.Packet(store, Id(context), Number(context.GetRouteValue("number") as string, 0)), ViewerJson.Default.PacketBody);

    private Task ExportJsonAsync(HttpContext context)
    {
        context.Response.Headers.ContentDisposition = $"attachment; filename=call-{Id(context)}.json";
        return Reply(context, CallView.ExportJson(store, Id(context), AllLegs(context)), ViewerJson.Default.CallExport);
    }

    private async Task ExportHepAsync(HttpContext context)
    {
        if (CallView.ExportHep(store, Id(context), AllLegs(context)) is not byte[] stream)
        {
            await Reply<ErrorReply>(context, null, ViewerJson.Default.ErrorReply);
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.ContentDisposition = $"attachment; filename=call-{Id(context)}.hep";
        context.Response.ContentLength = stream.Length;
        await context.Response.Body.WriteAsync(stream, context.RequestAborted);
    }

    private Task StatusAsync(HttpContext context)
    {
        AgentStatus? agent = status?.Read();
        return Reply(context, new StatusReply(agent, store.Status(), intake.Dropped, agent?.JitterUnit, options.AllowImport), ViewerJson.Default.StatusReply);
    }

    private static async Task Reply<T>(HttpContext context, T? value, JsonTypeInfo<T> type)
        where T : class
    {
        if (value is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.ContentDisposition = default;
            await context.Response.WriteAsJsonAsync(
                new ErrorReply("This call is not kept any more: newer calls took its place."), ViewerJson.Default.ErrorReply, cancellationToken: context.RequestAborted);
            return;
        }

        await context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
    }

    private static long Id(HttpContext context) =>
        long.TryParse(context.GetRouteValue("id") as string, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : 0;

    private static bool AllLegs(HttpContext context) => context.Request.Query["legs"] == "all";

    private static int Number(string? text, int otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
