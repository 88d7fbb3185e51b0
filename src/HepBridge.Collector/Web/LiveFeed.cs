using System.Text;
using HepBridge.Collector.Store;
using Microsoft.AspNetCore.Http;

namespace HepBridge.Collector.Web;

/// <summary>Server-sent events: signals changes at most twice a second, however many packets arrive; the page then requests what it shows.</summary>
internal sealed class LiveFeed(CallStore store, TimeProvider time, CancellationToken stopping)
{
    private const int MaxListeners = 64;
    private const int BeatsToKeepAlive = 30;
    private static readonly TimeSpan _beat = TimeSpan.FromMilliseconds(500);

    private int _listeners;

    public async Task RunAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _listeners) > MaxListeners)
        {
            Interlocked.Decrement(ref _listeners);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            await SendAsync(context, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The page was closed, or the host is stopping.
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    private async Task SendAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(_beat, time);
        long said = -1;
        int silent = 0;
        do
        {
            long version = store.Version;
            if (version == said && ++silent < BeatsToKeepAlive)
            {
                continue;
            }

            string text = version == said ? ":\n\n" : $"data: {version}\n\n";
            said = version;
            silent = 0;
            await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
