using HepBridge.Collector.Printing;

namespace HepBridge.Configuration;

/// <summary>A configuration, or all reasons why there is none.</summary>
internal sealed class ConfigurationResult
{
    /// <summary>The file that was read; null if none was found.</summary>
    public string? FilePath { get; init; }

    /// <summary>The configuration; null if there are errors.</summary>
    public AgentConfiguration? Configuration { get; init; }

    /// <summary>All errors, in the order of the file.</summary>
    public required IReadOnlyList<ConfigurationProblem> Errors { get; init; }

    /// <summary>All warnings, in the order of the file: what is valid but probably a mistake.</summary>
    public required IReadOnlyList<ConfigurationProblem> Warnings { get; init; }

    /// <summary>All errors, then all warnings, one line each: path, what, what to do.</summary>
    public IEnumerable<string> Lines() =>
        Errors.Select(error => $"error: {error}").Concat(Warnings.Select(warning => $"warning: {warning}"));
}

/// <summary>An error or a warning. Never contains a secret.</summary>
/// <param name="Path">Where: a JSON path (<c>esl_config[1].ESL_PORT</c>), the file's name, or an environment variable.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Advice">How to fix it.</param>
internal sealed record ConfigurationProblem(string Path, string What, string Advice)
{
    public override string ToString() => VisibleText.Line($"{Path}: {What}; {Advice}{(Advice.EndsWith('?') ? "" : ".")}");
}
