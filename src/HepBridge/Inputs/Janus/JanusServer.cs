using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HepBridge.Collector.Web;
using HepBridge.Configuration;
using HepBridge.Reports.Janus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Janus;

/// <summary>Receives the bodies posted to a <see cref="JanusServer"/>. Called from several threads at once.</summary>
internal interface IJanusReceiver
{
    /// <summary>The configuration for the next request.</summary>
    JanusInputConfiguration Configuration { get; }

    /// <summary>An uncompressed JSON body.</summary>
    /// <returns>Whether it contained an event.</returns>
    bool OnBody(ReadOnlySpan<byte> body, IPAddress sender);

    void OnRejected(JanusRejection reason, IPAddress sender);
}

/// <summary>The HTTP server for Janus's sample event handler. Dispose it to stop.</summary>
internal sealed class JanusServer(WebApplication app, IJanusReceiver receiver) : IAsyncDisposable
{
    private const int MaxConnections = 256;
    private const int FirstBuffer = 64 * 1_024;

    /// <summary>Its address, with the actual port.</summary>
    public Uri Address => app.Address();

    /// <exception cref="IOException">The address is in use or not on this host.</exception>
    public static async Task<JanusServer> StartAsync(IPEndPoint endPoint, IJanusReceiver receiver, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // The body's size is checked while it is read.
        WebApplication app = WebServer.Build(endPoint, MaxConnections, maxBody: null, loggers);
        JanusServer server = new(app, receiver);
        app.Run(server.AnswerAsync);
        await app.StartOrDisposeAsync(cancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => app.StopAndDisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        JanusInputConfiguration configuration = receiver.Configuration;
        IPAddress sender = Unmapped(context.Connection.RemoteIpAddress);
        (JanusRejection Reason, int Status)? rejected = Check(context, configuration, sender) ?? await ReceiveAsync(context, configuration, sender);
        if (rejected is not { } problem)
        {
            return;
        }

        receiver.OnRejected(problem.Reason, sender);
        context.Response.StatusCode = problem.Status;
        byte[] text = Encoding.UTF8.GetBytes($"{problem.Reason}\n");
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text.AsMemory(), context.RequestAborted);
    }

    private static (JanusRejection Reason, int Status)? Check(HttpContext context, JanusInputConfiguration configuration, IPAddress sender)
    {
        if (configuration.AllowedSenders.Count > 0 && !configuration.AllowedSenders.Any(network => network.Contains(sender)))
        {
            return (JanusRejection.SenderNotAllowed, StatusCodes.Status403Forbidden);
        }

        if (context.Request.Headers.Origin.Count > 0)
        {
            return (JanusRejection.WebPage, StatusCodes.Status403Forbidden);
        }

        if (configuration.Password is not null && !IsAuthorized(context.Request.Headers.Authorization, configuration))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"HepBridge\"";
            return (JanusRejection.Unauthorized, StatusCodes.Status401Unauthorized);
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            return (JanusRejection.BadMethod, StatusCodes.Status405MethodNotAllowed);
        }

        return null;
    }

    private static bool IsAuthorized(string? header, JanusInputConfiguration configuration)
    {
        const string Scheme = "Basic ";
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        byte[] given = new byte[header.Length];
        bool isBase64 = Convert.TryFromBase64String(header[Scheme.Length..].Trim(), given, out int length);
        return isBase64 && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), Encoding.UTF8.GetBytes($"{configuration.User}:{configuration.Password}"));
    }

    private async Task<(JanusRejection Reason, int Status)?> ReceiveAsync(HttpContext context, JanusInputConfiguration configuration, IPAddress sender)
    {
        Stream? body = context.Request.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
        {
            "" or "identity" => context.Request.Body,
            "gzip" or "x-gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true),
            "deflate" => new ZLibStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true),
            _ => null,
        };
        if (body is null)
        {
            return (JanusRejection.BadEncoding, StatusCodes.Status415UnsupportedMediaType);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            int length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                int read = await body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length > configuration.MaxBody)
                {
                    return (JanusRejection.TooLarge, StatusCodes.Status413PayloadTooLarge);
                }
            }

            return !JanusBody.IsJson(buffer.AsSpan(0, length)) ? (JanusRejection.BadJson, StatusCodes.Status400BadRequest)
                : !receiver.OnBody(buffer.AsSpan(0, length), sender) ? (JanusRejection.NoEvent, StatusCodes.Status400BadRequest)
                : null;
        }
        catch (InvalidDataException)
        {
            return (JanusRejection.BadEncoding, StatusCodes.Status400BadRequest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (body != context.Request.Body)
            {
                await body.DisposeAsync();
            }
        }
    }

    private static IPAddress Unmapped(IPAddress? address) => address switch
    {
        null => IPAddress.Loopback,
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        _ => address,
    };
}

/// <summary>Why a request was rejected. The names are the values of the metric's <c>reason</c> label.</summary>
internal enum JanusRejection
{
    /// <summary>Not a POST.</summary>
    BadMethod,

    /// <summary>From an address that is not in <c>allowed_senders</c>.</summary>
    SenderNotAllowed,

    /// <summary>Without the configured user and password.</summary>
    Unauthorized,

    /// <summary>From a web page: Janus sends no Origin.</summary>
    WebPage,

    /// <summary>Compressed with something other than gzip or deflate, or corrupt.</summary>
    BadEncoding,

    /// <summary>Larger than <c>max_body</c>.</summary>
    TooLarge,

    /// <summary>Not a JSON object or array.</summary>
    BadJson,

    /// <summary>JSON without an event.</summary>
    NoEvent,
}

/// <summary>The body of one POST: an event, or an array of events.</summary>
internal static class JanusBody
{
    private const int MaxDepth = 64;

    /// <summary>Whether it is a JSON object or array.</summary>
    public static bool IsJson(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The elements of a JSON body; an object is its own only element.</summary>
    public ref struct Elements
    {
        private readonly ReadOnlySpan<byte> _body;
        private readonly bool _isArray;
        private Utf8JsonReader _reader;
        private bool _isDone;

        public Elements(ReadOnlySpan<byte> body)
        {
            _body = body;
            _reader = new Utf8JsonReader(body);
            _reader.Read();
            _isArray = _reader.TokenType == JsonTokenType.StartArray;
        }

        /// <summary>The element's JSON.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly Elements GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_isDone || (_isArray && (!_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)))
            {
                return false;
            }

            int start = (int)_reader.TokenStartIndex;
            _reader.Skip();
            Current = _body[start..(int)_reader.BytesConsumed];
            _isDone = !_isArray;
            return true;
        }
    }

    /// <summary>Whether an element is an event: an object with a type.</summary>
    public static bool IsEvent(ReadOnlySpan<byte> element) => element is [(byte)'{', ..] && new JanusEvent(element).Type != 0;
}
