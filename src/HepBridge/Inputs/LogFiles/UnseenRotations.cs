namespace HepBridge.Inputs.LogFiles;

/// <summary>
/// Finds files that were rotated twice between two checks: the file in between was never seen under its own name. A rotation in progress renames
/// files during a scan, so that one may be missed: scans until nothing changes.
/// </summary>
internal sealed class UnseenRotations(LogFilePaths paths, LogFileOpener opener, FollowedFiles files)
{
    /// <summary>Most scans before giving up until the next check.</summary>
    public const int MaxScans = 4;

    private readonly HashSet<string> _unsettled = new(StringComparer.Ordinal);

    /// <summary>Whether all rotated files are known. If not, a rotation was in progress at the last check.</summary>
    public bool IsSettled => _unsettled.Count == 0;

    /// <summary>Scans again for the files of rotations that were in progress.</summary>
    public void Retry()
    {
        foreach (string path in _unsettled.ToArray())
        {
            Follow(path, since: DateTime.MinValue);
        }
    }

    /// <summary>After a rotation: follows the files that another one renamed before.</summary>
    public void FollowAfterRotation(string path)
    {
        DateTime since = DateTime.MinValue;
        if (files.Seen.IsFull)
        {
            files.Seen.Clear();
            since = DateTime.MaxValue;
        }

        Follow(path, since);
    }

    /// <summary>Follows the rotated files of a path that were never seen and written since; marks older ones as seen.</summary>
    public void Follow(string path, DateTime since)
    {
        HashSet<(string, FileIdentity)> before = Scan(path, since);
        for (int i = 1; i < MaxScans; i++)
        {
            // Their order may differ, since writers that keep renamed files change the write times.
            HashSet<(string, FileIdentity)> now = Scan(path, since);
            if (now.SetEquals(before))
            {
                _unsettled.Remove(path);
                return;
            }

            before = now;
        }

        _unsettled.Add(path);
    }

    private HashSet<(string, FileIdentity)> Scan(string path, DateTime since)
    {
        HashSet<(string, FileIdentity)> found = [];
        foreach (string rotated in paths.FindRotated(path))
        {
            if (opener.TryOpen(rotated) is not { } handle)
            {
                continue;
            }

            FileIdentity identity = FileIdentity.Of(handle);
            found.Add((rotated, identity));
            bool isFollowedName = paths.Covers(rotated);
            if (!files.Seen.Add(handle) || File.GetLastWriteTimeUtc(handle) < since
                || FollowedFiles.IsRead(identity, handle, files.All)
                || !files.TryAdd(rotated, handle, 0, isFollowedName, followedAs: isFollowedName ? rotated : path))
            {
                handle.Dispose();
            }
        }

        return found;
    }
}
