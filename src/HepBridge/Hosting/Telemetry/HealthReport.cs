using System.Text.Json;
using System.Text.Json.Serialization;
using HepBridge.Collector.Printing;

namespace HepBridge.Hosting.Telemetry;

[JsonConverter(typeof(JsonStringEnumConverter<HealthLevel>))]
internal enum HealthLevel
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It works partly: for example, one of several collectors is unreachable.</summary>
    [JsonStringEnumMemberName("degraded")]
    Degraded,

    [JsonStringEnumMemberName("failing")]
    Failing,
}

/// <summary>The result of one check.</summary>
/// <param name="Kind"><c>agent</c>, <c>input</c> or <c>output</c>.</param>
/// <param name="Name">Which one.</param>
/// <param name="Status">Its status.</param>
/// <param name="Reason">Why, and what to do; null if it is ok.</param>
internal sealed record HealthCheck(string Kind, string Name, HealthLevel Status, string? Reason)
{
    /// <summary>Control characters are escaped: it may contain a switch's or a collector's text.</summary>
    public string? Reason { get; init; } = Reason is null ? null : VisibleText.Line(Reason);
}

/// <summary>All checks; the worst one is the overall status.</summary>
internal sealed record HealthReport(IReadOnlyList<HealthCheck> Checks)
{
    [JsonPropertyOrder(-1)]
    public HealthLevel Status => Checks.Count == 0 ? HealthLevel.Ok : Checks.Max(check => check.Status);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, HealthJson.Default.HealthReport);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
