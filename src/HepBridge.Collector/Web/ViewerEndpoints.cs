using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using HepBridge.Collector.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace HepBridge.Collector.Web;

/// <summary>The URLs of the page and its API.</summary>
internal sealed class ViewerEndpoints(ViewerOptions options, CallStore store, PacketIntake intake, IStatusSource? status, RateHistory history, CancellationToken stopping)
{
    private const int MaxSearchLength = 256;

    private readonly CallView _view = new(store, () => status?.Read().JitterUnit switch
    {
        "ms" => JitterUnit.Milliseconds,
        "raw" => JitterUnit.RtpClock,
        _ => JitterUnit.Unknown,
    });

    public void Map(IEndpointRouteBuilder routes)
    {
        Get("/", context => PageAssets.SendAsync(context, "index.html"));
        foreach (string name in PageAssets.Names.Where(n => !n.EndsWith(".html", StringComparison.Ordinal)))
        {
            Get("/" + name, context => PageAssets.SendAsync(context, name));
        }

        Get("/api/calls", ListAsync);
        Get("/api/figures", FiguresAsync);
        Get("/api/calls/{id:long}", CallAsync);
        Get("/api/calls/{id:long}/find", context => Reply(context, _view.Find(Id(context), Text(context.Request.Query["q"])), ViewerJson.Default.FindReply));
        Get("/api/calls/{id:long}/packets/{number:int}", context =>
            Reply(context, _view.Packet(Id(context), Number(context.GetRouteValue("number") as string, 0)), ViewerJson.Default.PacketBody));
        Get("/api/calls/{id:long}/export.json", ExportJsonAsync);
        Get("/api/calls/{id:long}/export.txt", ExportTextAsync);
        Get("/api/calls/{id:long}/export.hep", ExportHepAsync);
        Get("/api/status", StatusAsync);
        Get("/api/live", new LiveFeed(store, options.TimeProvider, stopping).RunAsync);
        routes.MapPost("/api/import", (RequestDelegate)new StreamImport(store, options.AllowImport).RunAsync);

        // Any other delegate than this type would need generated code.
        void Get(string path, RequestDelegate handler) => routes.MapGet(path, handler);
    }

    private Task ListAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        CallQuery search = new()
        {
            Text = Text(query["q"]),
            Kind = query["kind"].ToString(),
            Show = query["show"].ToString(),
            Switch = Text(query["switch"]),
            Since = Time(query["since"]),
            Until = Time(query["until"]),
            Sort = query["sort"].ToString(),
            Ascending = query["dir"] == "asc",
            Offset = Number(query["offset"].ToString(), 0),
            Size = Number(query["size"].ToString(), 50),
            Anchor = Time(query["anchor"]),
        };
        return Reply(context, search.Run(store), ViewerJson.Default.CallPage);
    }

    private Task FiguresAsync(HttpContext context)
    {
        int minutes = Number(context.Request.Query["minutes"].ToString(), 60);
        return Reply(context, new FiguresQuery(Math.Min(minutes, 24 * 60)).Run(store, PacketTime.Now(options.TimeProvider)), ViewerJson.Default.CallFigures);
    }

    private Task CallAsync(HttpContext context)
    {
        // The page asks again whenever anything has changed; usually it was not this call.
        long id = Id(context);
        string tag = $"\"{_view.Tag(id)}\"";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.Headers.ETag = tag;
        return Reply(context, _view.Detail(id), ViewerJson.Default.CallDetail);
    }

    private Task ExportJsonAsync(HttpContext context)
    {
        context.Response.Headers.ContentDisposition = $"attachment; filename=call-{Id(context)}.json";
        return Reply(context, _view.ExportJson(Id(context)), ViewerJson.Default.CallExport);
    }

    private async Task ExportTextAsync(HttpContext context)
    {
        if (_view.ExportText(Id(context)) is not string text)
        {
            await Reply<ErrorReply>(context, null, ViewerJson.Default.ErrorReply);
            return;
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=call-{Id(context)}.txt";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private async Task ExportHepAsync(HttpContext context)
    {
        if (_view.ExportHep(Id(context)) is not byte[] stream)
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
        return Reply(context, new StatusReply(agent, store.Status(), intake.Dropped, options.AllowImport, RateHistory.Step, history.Read()), ViewerJson.Default.StatusReply);
    }

    private static async Task Reply<T>(HttpContext context, T? value, JsonTypeInfo<T> type)
        where T : class
    {
        if (value is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.ContentDisposition = default;
            await context.Response.WriteAsJsonAsync(
                new ErrorReply("This call is no longer kept: newer calls have replaced it."), ViewerJson.Default.ErrorReply, cancellationToken: context.RequestAborted);
            return;
        }

        await context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
    }

    private static long Id(HttpContext context) =>
        long.TryParse(context.GetRouteValue("id") as string, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : 0;

    private static string Text(StringValues value)
    {
        string text = value.ToString().Trim();
        return text.Length > MaxSearchLength ? text[..MaxSearchLength] : text;
    }

    private static long? Time(StringValues value) =>
        long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long time) ? time : null;

    private static int Number(string? text, int otherwise) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
