using System.Collections;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime.CompilerServices;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace HepBridge.Hosting.Telemetry;

/// <summary>
/// Exports metrics with OpenTelemetry's exporter, configured by its own environment variables (endpoint, protocol, headers, interval, resource).
/// OpenTelemetry is not loaded before <see cref="Start"/>.
/// </summary>
internal sealed class OtlpExport(MeterProvider provider, OtlpErrorListener troubles) : IAsyncDisposable
{
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
        await Task.Run(provider.Dispose);
        troubles.Dispose();
    }
}

/// <summary>OpenTelemetry's environment variables (<c>OTEL_*</c>): whether, where and how to export metrics. Tests substitute their own.</summary>
internal sealed record OtlpEnvironment(IReadOnlyDictionary<string, string?> Variables)
{
    private const string Prefix = "OTEL_";

    /// <summary>Whether to export metrics: an endpoint is set.</summary>
    public bool IsOn => Has("OTEL_EXPORTER_OTLP_ENDPOINT") || Has("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");

    public string? Endpoint => Variables.GetValueOrDefault("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") ?? Variables.GetValueOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT");

    public static OtlpEnvironment FromProcess()
    {
        Dictionary<string, string?> variables = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value } && name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                variables[name] = value;
            }
        }

        return new OtlpEnvironment(variables);
    }

    public bool Has(string name) => !string.IsNullOrEmpty(Variables.GetValueOrDefault(name));
}

/// <summary>Turns OpenTelemetry's failures, which it reports to an event source only, into one warning per interval.</summary>
internal sealed class OtlpErrorListener : EventListener
{
    private const string SourcePrefix = "OpenTelemetry-";
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly string _endpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _said;

    public OtlpErrorListener(string endpoint, TimeProvider time, ILogger logger)
    {
        _endpoint = endpoint;
        _time = time;
        _logger = logger;
        foreach (EventSource source in EventSource.GetSources())
        {
            Listen(source);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource) => Listen(eventSource);

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The base class's constructor calls this for existing sources before this object is initialized.
        if (_logger is null || eventData.Level is EventLevel.LogAlways or > EventLevel.Warning)
        {
            return;
        }

        lock (_gate)
        {
            if (_said != 0 && _time.GetElapsedTime(_said) < _interval)
            {
                return;
            }

            _said = Math.Max(_time.GetTimestamp(), 1);
        }

        Log.OtlpFailed(_logger, _endpoint, Text(eventData));
    }

    private static string Text(EventWrittenEventArgs written)
    {
        object?[] payload = [.. written.Payload ?? (IEnumerable<object?>)[]];
        string text = written.Message is null ? string.Join(' ', payload) : string.Format(CultureInfo.InvariantCulture, written.Message, payload);
        int end = text.IndexOfAny(['\r', '\n']);
        return end < 0 ? text : text[..end];
    }

    private void Listen(EventSource source)
    {
        if (source.Name.StartsWith(SourcePrefix, StringComparison.Ordinal))
        {
            EnableEvents(source, EventLevel.Warning);
        }
    }
}
