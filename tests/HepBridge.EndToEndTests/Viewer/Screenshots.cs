namespace HepBridge.EndToEndTests.Viewer;

/// <summary>Where screenshots are stored: artifacts/screenshots next to the solution, ignored by git.</summary>
internal static class Screenshots
{
    public static string Path(string name)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "HepBridge.sln")))
        {
            root = root.Parent;
        }

        return System.IO.Path.Combine(root?.FullName ?? AppContext.BaseDirectory, "artifacts", "screenshots", name.ToLowerInvariant() + ".png");
    }
}
