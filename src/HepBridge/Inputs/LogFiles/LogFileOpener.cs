using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

/// <summary>Opens files, and reports each one that cannot be read once.</summary>
internal sealed class LogFileOpener(ILogFileEvents events)
{
    private const int MaxUnreadable = 1_000;
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Paths that exist but cannot be read.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    /// <summary>Opens a file; null if it is gone or cannot be read.</summary>
    public SafeFileHandle? TryOpen(string path)
    {
        try
        {
            SafeFileHandle handle = FollowedFile.Open(path);
            _unreadable.Remove(path);
            return handle;
        }
        catch (FileNotFoundException)
        {
            // Renamed or deleted since the directory was read.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(path, e.Message);
            return null;
        }
    }

    /// <summary>A file could not be read.</summary>
    public void Report(string path, string problem)
    {
        if (_unreadable.Count < MaxUnreadable && _unreadable.Add(path))
        {
            events.OnUnreadable(path, problem);
        }
    }
}
