using HepBridge.Configuration.Tables;

namespace HepBridge.Configuration;

/// <summary>Collects errors and warnings, so that a user sees all of them at once.</summary>
internal sealed class ConfigurationDiagnostics(ConfigurationEnvironment environment, Sections sections)
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationWarning> _warnings = [];

    public ConfigurationEnvironment Environment { get; } = environment;

    /// <summary>Sections and keys allowed in the file.</summary>
    public Sections Sections { get; } = sections;

    public IReadOnlyList<ConfigurationError> Errors => _errors;

    public IReadOnlyList<ConfigurationWarning> Warnings => _warnings;

    public void Error(string path, string what, string advice) => _errors.Add(new ConfigurationError(path, what, advice));

    public void Warning(string path, string what, string advice) => _warnings.Add(new ConfigurationWarning(path, what, advice));

    public bool HasErrorIn(string path) => _errors.Exists(error => error.Path.StartsWith(path, StringComparison.Ordinal));

    public ConfigurationResult Failed(string? filePath) => new() { FilePath = filePath, Errors = Errors, Warnings = Warnings };
}
