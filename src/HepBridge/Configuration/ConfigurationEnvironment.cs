using System.Collections;

namespace HepBridge.Configuration;

/// <summary>The environment variables and files that the reader uses; tests substitute their own.</summary>
internal sealed class ConfigurationEnvironment
{
    /// <summary>The environment variables that start with <see cref="EnvironmentVariables.Prefix"/>, by name.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public Func<string, bool> FileExists { get; init; } = File.Exists;

    /// <summary>Reads a file's bytes; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public Func<string, byte[]> ReadFile { get; init; } = File.ReadAllBytes;

    /// <summary>A snapshot of this process.</summary>
    public static ConfigurationEnvironment FromProcess()
    {
        Dictionary<string, string> variables = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value } && name.StartsWith(EnvironmentVariables.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                variables[name] = value;
            }
        }

        return new ConfigurationEnvironment { Variables = variables };
    }
}
