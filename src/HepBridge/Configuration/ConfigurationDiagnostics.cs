using HepBridge.Configuration.Tables;

namespace HepBridge.Configuration;

/// <summary>Collects what one reading finds, so that a user sees every error at once.</summary>
internal sealed class ConfigurationDiagnostics(ConfigurationEnvironment environment, Sections sections)
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationWarning> _warnings = [];

    public ConfigurationEnvironment Environment { get; } = environment;

    /// <summary>What may stand in the file.</summary>
    public Sections Sections { get; } = sections;

    public IReadOnlyList<ConfigurationError> Errors => _errors;

    public IReadOnlyList<ConfigurationWarning> Warnings => _warnings;

    public void Error(string path, string what, string advice) => _errors.Add(new ConfigurationError(path, what, advice));

    public void Warning(string path, string what, string advice) => _warnings.Add(new ConfigurationWarning(path, what, advice));

    /// <summary>Whether anything at or in an object is wrong.</summary>
    public bool HasErrorIn(string path) => _errors.Exists(error => error.Path.StartsWith(path, StringComparison.Ordinal));

    /// <summary>The result without a configuration: there are errors.</summary>
    public ConfigurationResult Failed(string? filePath) => new() { FilePath = filePath, Errors = Errors, Warnings = Warnings };
}
