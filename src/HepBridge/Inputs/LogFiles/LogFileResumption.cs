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
