using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace HepBridge.Tests.Hosting.Telemetry;

/// <summary>Receives metrics by OTLP over HTTP, and extracts their names (opentelemetry/proto/metrics/v1/metrics.proto).</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>Names as "resource service.name", "scope name", "metric name unit".</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<OtlpReceiver> StartAsync(int status = 200)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        OtlpReceiver receiver = new(app);
        app.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            Assert.Equal("/v1/metrics", context.Request.Path);
            Assert.Equal("application/x-protobuf", context.Request.ContentType);
            receiver.ReadRequest(body.ToArray());
            context.Response.StatusCode = status;
        });
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void ReadRequest(byte[] request)
    {
        foreach ((_, byte[] resourceMetrics) in Fields(request).Where(field => field.Number == 1))
        {
            foreach ((int number, byte[] value) in Fields(resourceMetrics))
            {
                if (number == 1)
                {
                    foreach ((_, byte[] attribute) in Fields(value).Where(field => field.Number == 1))
                    {
                        Heard.Enqueue($"resource {Text(attribute, 1)}={Text(Fields(attribute).First(field => field.Number == 2).Value, 1)}");
                    }
                }
                else if (number == 2)
                {
                    Heard.Enqueue($"scope {Text(Fields(value).First(field => field.Number == 1).Value, 1)}");
                    foreach ((_, byte[] metric) in Fields(value).Where(field => field.Number == 2))
                    {
                        Heard.Enqueue($"metric {Text(metric, 1)} {Text(metric, 3)}".TrimEnd());
                    }
                }
            }
        }
    }

    private static string Text(byte[] message, int number) => Encoding.UTF8.GetString(Fields(message).FirstOrDefault(field => field.Number == number).Value ?? []);

    // Only length-delimited fields; skips the others.
    private static List<(int Number, byte[] Value)> Fields(byte[] message)
    {
        List<(int, byte[])> fields = [];
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    fields.Add(((int)(tag >> 3), message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7}");
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte octet = message[at++];
            value |= (ulong)(octet & 0x7f) << shift;
            if (octet < 0x80)
            {
                return value;
            }
        }
    }
}
