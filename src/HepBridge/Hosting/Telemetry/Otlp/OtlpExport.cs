using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace HepBridge.Hosting.Telemetry.Otlp;

/// <summary>
/// Sends metrics by OpenTelemetry's exporter, as its own environment variables say (endpoint, protocol, headers, interval, resource). Nothing of it is
/// loaded before <see cref="Start"/>.
/// </summary>
internal sealed class OtlpExport : IAsyncDisposable
{
    private readonly MeterProvider _provider;
    private readonly OtlpErrorListener _troubles;

    private OtlpExport(MeterProvider provider, OtlpErrorListener troubles)
    {
        _provider = provider;
        _troubles = troubles;
    }

    /// <summary>Begins to send; never fails for want of a receiver.</summary>
    /// <exception cref="ArgumentException">The endpoint is no URL.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static OtlpExport Start(OtlpEnvironment environment, TimeProvider time, ILogger log)
    {
        // The exporter itself would quietly send to another place.
        if (!Uri.TryCreate(environment.Endpoint, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"OTEL_EXPORTER_OTLP_ENDPOINT is \"{environment.Endpoint}\": write a URL such as http://127.0.0.1:4317, or remove it");
        }

        // First, to hear what the exporter thinks of its variables.
        OtlpErrorListener troubles = new(environment.Endpoint, time, log);
        MeterProvider provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton<IConfiguration>(
                new ConfigurationBuilder().AddInMemoryCollection(environment.Variables).Build()))
            .ConfigureResource(resource =>
            {
                if (!environment.Has("OTEL_SERVICE_NAME"))
                {
                    resource.AddService("hepbridge", serviceVersion: AgentStatusSource.Version);
                }
            })
            .AddMeter(AgentMeter.Name, ProcessMetrics.RuntimeMeter)
            .AddOtlpExporter()
            .Build();
        return new OtlpExport(provider, troubles);
    }

    /// <summary>Sends once more, for at most five seconds, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(_provider.Dispose);
        _troubles.Dispose();
    }
}
