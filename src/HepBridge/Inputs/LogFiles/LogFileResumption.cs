namespace HepBridge.Inputs.LogFiles;

/// <summary>Resumes where the last run ended: under the file's name, or under the name that a rotation has since given it.</summary>
internal sealed class LogFileResumption(LogFilePaths paths, LogFileOpener opener, FollowedFiles files, UnseenRotations rotations, ILogFileEvents events)
{
    private readonly HashSet<string> _resumed = new(StringComparer.Ordinal);

    /// <summary>Whether the last run followed this name.</summary>
    public bool IsKnown(string path) => _resumed.Contains(path);

    public void Resume(IReadOnlyList<LogFilePosition> positions)
    {
        files.Seen.Add(positions.SelectMany(position => position.Seen));
        foreach (IGrouping<string, LogFilePosition> file in positions.Where(position => paths.Covers(position.Path)).GroupBy(position => position.Path))
        {
            _resumed.Add(file.Key);
            DateTime since = DateTime.MaxValue;
            foreach (LogFilePosition position in file)
            {
                // The last position belongs to the file that had this name then. If it was rotated, all files written since are new. That may be so if
                // none of it was read, too: its content may have been copied and truncated.
                bool isUnchanged = TryResume(position, file.Key, isCopy: false);
                since = isUnchanged && position.Mark.Offset > 0 ? DateTime.MaxValue : position.SeenUtc;
                if (!isUnchanged && !TryResumeRenamed(position))
                {
                    events.OnRotated(file.Key, isCovered: false);
                }
            }

            rotations.Follow(file.Key, since);
        }

        foreach (string path in paths.Find())
        {
            rotations.Follow(path, since: DateTime.MaxValue);
        }
    }

    // The file itself under another name; otherwise its newest copy.
    private bool TryResumeRenamed(LogFilePosition position)
    {
        string[] before = [];
        for (int i = 0; i < UnseenRotations.MaxScans; i++)
        {
            string[] rotated = [.. paths.FindRotated(position.Path).Reverse()];
            if (Array.Exists(rotated, path => TryResume(position, path, isCopy: false)) || Array.Exists(rotated, path => TryResume(position, path, isCopy: true)))
            {
                return true;
            }

            if (i > 0 && rotated.SequenceEqual(before))
            {
                break;
            }

            before = rotated;
        }

        return false;
    }

    private bool TryResume(LogFilePosition position, string path, bool isCopy)
    {
        if (opener.TryOpen(path) is not { } handle)
        {
            return false;
        }

        FileIdentity identity = FileIdentity.Of(handle);
        bool isFollowedName = paths.Covers(path);
        bool isSame = (isCopy ? position.Mark.Offset > 0 : identity == position.Identity) && position.Mark.Matches(handle);
        if (isSame && files.All.All(file => file.Identity != identity)
            && files.TryAdd(path, handle, position.Mark.Offset, isFollowedName, followedAs: isFollowedName ? path : position.Path))
        {
            return true;
        }

        handle.Dispose();
        return false;
    }
}

/// <summary>
/// Finds files that were rotated twice between two checks: the file in between was never seen under its own name. A rotation in progress renames
/// files during a scan, so that one may be missed: scans until nothing changes.
/// </summary>
internal sealed class UnseenRotations(LogFilePaths paths, LogFileOpener opener, FollowedFiles files)
{
    /// <summary>Most scans before giving up until the next check.</summary>
    public const int MaxScans = 4;

    private readonly HashSet<string> _unsettled = new(StringComparer.Ordinal);

    // Names whose rotated files were all seen.
    private readonly HashSet<string> _scanned = new(StringComparer.Ordinal);

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

    /// <summary>
    /// Follows rotated files whose content was never read under this file's name: every unseen one if the name was scanned before; for a new name,
    /// those written since its file was created.
    /// </summary>
    public void Follow(FollowedFile file)
    {
        if (files.Seen.IsFull)
        {
            files.Seen.Clear();
            _scanned.Clear();
        }

        Follow(file.Path, since: _scanned.Contains(file.Path) ? DateTime.MinValue : file.Identity.BirthUtc);
    }

    /// <summary>Follows the rotated files of a path that were never seen and written since; marks older ones as seen.</summary>
    public void Follow(string path, DateTime since)
    {
        _scanned.Add(path);
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
