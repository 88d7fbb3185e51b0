namespace HepBridge.Configuration;

/// <summary>A configuration, or all reasons why there is none.</summary>
internal sealed class ConfigurationResult
{
    /// <summary>The file that was read; null if none was found.</summary>
    public string? FilePath { get; init; }

    /// <summary>The configuration; null if there are errors.</summary>
    public AgentConfiguration? Configuration { get; init; }

    /// <summary>All errors, in the order of the file.</summary>
    public required IReadOnlyList<ConfigurationError> Errors { get; init; }

    /// <summary>All warnings, in the order of the file.</summary>
    public required IReadOnlyList<ConfigurationWarning> Warnings { get; init; }

    /// <summary>All errors, then all warnings, one line each: path, what, what to do.</summary>
    public IEnumerable<string> Lines() =>
        Errors.Select(error => $"error: {error}").Concat(Warnings.Select(warning => $"warning: {warning}"));
}
