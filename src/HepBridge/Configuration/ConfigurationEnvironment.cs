using System.Collections;

namespace HepBridge.Configuration;

/// <summary>What reading takes from the machine: its environment variables and its files. Tests put their own in place.</summary>
internal sealed class ConfigurationEnvironment
{
    /// <summary>The environment variables that start with <see cref="EnvironmentVariables.Prefix"/>, by name.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Whether a file is there.</summary>
    public Func<string, bool> FileExists { get; init; } = File.Exists;

    /// <summary>A file's bytes; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public Func<string, byte[]> ReadFile { get; init; } = File.ReadAllBytes;

    /// <summary>That of this process, as it is now.</summary>
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
