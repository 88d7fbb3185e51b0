using System.Text.Json;
using System.Text.Json.Serialization;
using HepBridge.Collector.Printing;

namespace HepBridge.Hosting.Telemetry;

/// <summary>How something stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthLevel>))]
internal enum HealthLevel
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It works, but not all of it: one of several collectors is away.</summary>
    [JsonStringEnumMemberName("degraded")]
    Degraded,

    [JsonStringEnumMemberName("failing")]
    Failing,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Kind"><c>agent</c>, <c>input</c> or <c>output</c>.</param>
/// <param name="Name">Which one.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Reason">Why, and what to do; null: it is well.</param>
internal sealed record HealthCheck(string Kind, string Name, HealthLevel Status, string? Reason)
{
    /// <summary>Made visible: a switch's or a collector's text may be part of it.</summary>
    public string? Reason { get; init; } = Reason is null ? null : VisibleText.Line(Reason);
}

/// <summary>All that was looked at; the worst of it is the status.</summary>
internal sealed record HealthReport(IReadOnlyList<HealthCheck> Checks)
{
    [JsonPropertyOrder(-1)]
    public HealthLevel Status => Checks.Count == 0 ? HealthLevel.Ok : Checks.Max(check => check.Status);

    /// <summary>As JSON in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, HealthJson.Default.HealthReport);
}

/// <summary>How reports are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
