using System.IO.Compression;

namespace HepBridge.Fuzz.Corpora;

/// <summary>The repository's recordings, packets and configurations, read in place.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>Inputs that once failed, a folder per target.</summary>
    public static string Regressions { get; } = Path.Combine(Root, "tests", "HepBridge.Fuzz", "Regressions");

    /// <summary>A file's bytes, unpacked if its name ends in <c>.gz</c>.</summary>
    public static byte[] Read(params string[] path)
    {
        string whole = Path.Combine([Root, .. path]);
        byte[] bytes = File.ReadAllBytes(whole);
        if (!whole.EndsWith(".gz", StringComparison.Ordinal))
        {
            return bytes;
        }

        using GZipStream packed = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    /// <summary>A recording of the unit tests.</summary>
    public static byte[] Capture(params string[] path) => Read(["tests", "HepBridge.Tests", "Captures", .. path]);

    /// <summary>The shipped configuration and all examples.</summary>
    public static IEnumerable<byte[]> Configurations() =>
        Directory.GetFiles(Path.Combine(Root, "examples"), "config.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Prepend(Path.Combine(Root, "config.json")).Select(File.ReadAllBytes);

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "HepBridge.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("No directory above the program holds HepBridge.sln: run it from the repository.");
    }
}
