namespace HepBridge.Tests.Esl;

/// <summary>Event socket streams modeled on bug reports: odd Call-IDs, numbers with parameters, secrets in events.</summary>
internal static class EslCases
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Captures", "cases", name);

    public static byte[] Read(string name) => File.ReadAllBytes(Path(name));
}
