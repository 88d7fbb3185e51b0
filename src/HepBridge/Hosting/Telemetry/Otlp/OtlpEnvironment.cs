using System.Collections;

namespace HepBridge.Hosting.Telemetry.Otlp;

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
