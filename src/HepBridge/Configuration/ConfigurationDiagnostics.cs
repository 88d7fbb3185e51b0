using HepBridge.Configuration.Tables;

namespace HepBridge.Configuration;

/// <summary>Collects errors and warnings, so that a user sees all of them at once.</summary>
internal sealed class ConfigurationDiagnostics(ConfigurationEnvironment environment, Sections sections)
{
    private readonly List<ConfigurationProblem> _errors = [];
    private readonly List<ConfigurationProblem> _warnings = [];

    public ConfigurationEnvironment Environment => environment;
    public Sections Sections => sections;

    public void Error(string path, string what, string advice) => _errors.Add(new ConfigurationProblem(path, what, advice));

    public void Warning(string path, string what, string advice) => _warnings.Add(new ConfigurationProblem(path, what, advice));

    public bool HasErrorIn(string path) => _errors.Exists(error => error.Path.StartsWith(path, StringComparison.Ordinal));

    /// <summary>The configuration if there are no errors.</summary>
    public ConfigurationResult Result(string? filePath, AgentConfiguration? configuration) =>
        new() { FilePath = filePath, Configuration = _errors.Count > 0 ? null : configuration, Errors = _errors, Warnings = _warnings };
}
