using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace HepBridge.Collector.Web;

/// <summary>The page's files, embedded in the assembly.</summary>
internal static class PageAssets
{
    private static readonly FrozenDictionary<string, byte[]> _files = Load();

    public static IEnumerable<string> Names => _files.Keys;

    /// <summary>Whether a file is served without the token: the login page needs it.</summary>
    public static bool IsPublic(PathString path) => path == "/app.css" || path == "/icon.svg";

    public static async Task SendAsync(HttpContext context, string name)
    {
        byte[] content = _files[name];
        context.Response.ContentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        context.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
    }

    private static FrozenDictionary<string, byte[]> Load()
    {
        const string Prefix = "Page/";
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string resource in typeof(PageAssets).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = typeof(PageAssets).Assembly.GetManifestResourceStream(resource)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            files.Add(resource[Prefix.Length..], content);
        }

        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
