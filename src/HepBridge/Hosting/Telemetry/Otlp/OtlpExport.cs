using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace HepBridge.Hosting.Telemetry.Otlp;

/// <summary>
/// Exports metrics with OpenTelemetry's exporter, configured by its own environment variables (endpoint, protocol, headers, interval, resource).
/// OpenTelemetry is not loaded before <see cref="Start"/>.
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

    /// <summary>Starts exporting; an unreachable receiver is not an error.</summary>
    /// <exception cref="ArgumentException">The endpoint is not a URL.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static OtlpExport Start(OtlpEnvironment environment, TimeProvider time, ILogger logger)
    {
        // The exporter itself would silently fall back to its default endpoint.
        if (!Uri.TryCreate(environment.Endpoint, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"OTEL_EXPORTER_OTLP_ENDPOINT is \"{environment.Endpoint}\": write a URL such as http://127.0.0.1:4317, or remove it");
        }

        // Before the exporter, to catch its complaints about the variables.
        OtlpErrorListener troubles = new(environment.Endpoint, time, logger);
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

    /// <summary>Exports once more, for at most five seconds, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(_provider.Dispose);
        _troubles.Dispose();
    }
}
