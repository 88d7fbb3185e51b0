using System.IO.Enumeration;

namespace HepBridge.Inputs.LogFiles;

/// <summary>The files matching a configured path: a single file, or those in one directory that match a glob in the last part.</summary>
internal sealed class LogFilePaths(string path)
{
    private static readonly string[] _compressed = [".gz", ".bz2", ".xz", ".zst"];
    private readonly string _pattern = Path.GetFileName(Path.GetFullPath(path));

    public string Directory { get; } = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    private bool IsGlob => _pattern.AsSpan().ContainsAny('*', '?');

    private IEnumerable<string> Files => System.IO.Directory.Exists(Directory) ? System.IO.Directory.EnumerateFiles(Directory) : [];

    /// <summary>The paths that exist now, sorted. Compressed files are never followed.</summary>
    public IEnumerable<string> Find() =>
        IsGlob ? Files.Where(path => Matches(Path.GetFileName(path))).Order(StringComparer.Ordinal)
        : Path.Combine(Directory, _pattern) is { } only && File.Exists(only) ? [only]
        : [];

    /// <summary>Whether a path is one of the followed ones.</summary>
    public bool Covers(string path) =>
        Path.GetDirectoryName(path) == Directory && (IsGlob ? Matches(Path.GetFileName(path)) : Path.GetFileName(path) == _pattern);

    /// <summary>
    /// Files that a rotation may have renamed this file to, oldest first: <c>app.log.1</c>, <c>app.log-20261126</c>,
    /// <c>app-20261126.log</c>, <c>app.1.log</c>.
    /// </summary>
    public IEnumerable<string> FindRotated(string path)
    {
        string name = Path.GetFileName(path);
        return Files.Where(other => IsRotatedName(name, Path.GetFileName(other)) && !IsCompressed(other)).OrderBy(File.GetLastWriteTimeUtc);
    }

    private static bool IsRotatedName(string name, string other)
    {
        if (other.Length > name.Length && other.StartsWith(name, StringComparison.Ordinal))
        {
            return other[name.Length] is '.' or '-' or '_';
        }

        string extension = Path.GetExtension(name);
        int stem = name.Length - extension.Length;
        return extension.Length > 0 && other.Length > name.Length + 1
            && other.AsSpan().StartsWith(name.AsSpan(0, stem), StringComparison.Ordinal)
            && other.EndsWith(extension, StringComparison.Ordinal)
            && other[stem] is '.' or '-' or '_' && char.IsAsciiDigit(other[stem + 1]);
    }

    private bool Matches(string name) => FileSystemName.MatchesSimpleExpression(_pattern, name, ignoreCase: false) && !IsCompressed(name);

    private static bool IsCompressed(string path) => Array.Exists(_compressed, ending => path.EndsWith(ending, StringComparison.Ordinal));
}
