namespace HepBridge.EndToEndTests.Processes;

/// <summary>
/// The agent under test: the program named by <c>HEPBRIDGE_AGENT</c>, such as the packaged one; by default the one
/// built with these tests.
/// </summary>
internal static class TestedAgent
{
    private const string Variable = "HEPBRIDGE_AGENT";

    /// <summary>The program to start.</summary>
    public static string Program { get; } = Named() ?? "dotnet";

    /// <summary>The arguments that precede the command line under test.</summary>
    public static string[] Prefix { get; } = Named() is null ? [Path.Combine(AppContext.BaseDirectory, "HepBridge.dll")] : [];

    private static string? Named()
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        // Relative paths would unexpectedly be relative to the tests' output directory.
        return Path.IsPathFullyQualified(path) && File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{Variable} is \"{path}\": set it to the absolute path of a hepbridge program, or unset it.");
    }
}
