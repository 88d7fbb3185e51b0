using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using HepBridge.Tests.Hosting;

namespace HepBridge.EndToEndTests.Janus;

/// <summary>Between Janus and HepBridge: keeps what Janus posts, and passes it on unchanged.</summary>
internal sealed class EventTee : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _client = new();
    private readonly List<JsonElement> _events = [];
    private readonly Uri _target;
    private readonly Task _work;

    public EventTee(Uri target)
    {
        _target = target;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _work = Task.Run(RunAsync);
    }

    public Uri Address { get; }

    /// <summary>Answers of HepBridge other than 200.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether any body came compressed.</summary>
    public bool SawCompression { get; private set; }

    public JsonElement[] Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _work;
        _listener.Close();
        _client.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await PassAsync(context);
        }
    }

    private async Task PassAsync(HttpListenerContext context)
    {
        using MemoryStream copy = new();
        await context.Request.InputStream.CopyToAsync(copy);
        byte[] body = copy.ToArray();
        using HttpRequestMessage request = new(HttpMethod.Post, _target) { Content = new ByteArrayContent(body) };
        string? encoding = context.Request.Headers["Content-Encoding"];
        if (encoding is not null)
        {
            SawCompression = true;
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers["Authorization"]);
        using HttpResponseMessage response = await _client.SendAsync(request);
        Failures += response.StatusCode == HttpStatusCode.OK ? 0 : 1;
        await using Stream plain = encoding == "gzip" ? new GZipStream(new MemoryStream(body), CompressionMode.Decompress) : new MemoryStream(body);
        using JsonDocument document = await JsonDocument.ParseAsync(plain);
        lock (_events)
        {
            _events.AddRange(document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().Select(e => e.Clone()) : [document.RootElement.Clone()]);
        }

        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.Close();
    }
}
