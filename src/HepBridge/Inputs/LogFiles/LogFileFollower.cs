using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

/// <summary>Notices from a follower, for the log. Called on the follower's thread.</summary>
internal interface ILogFileEvents
{
    /// <summary>A file cannot be read; called once until it can.</summary>
    void OnUnreadable(string path, string problem);

    /// <summary>A file is now followed, from this position.</summary>
    void OnFollowing(string path, long offset);

    /// <summary>A file was rotated: renamed or truncated. <paramref name="isCovered"/>: all previous data was read.</summary>
    void OnRotated(string path, bool isCovered);
}

/// <summary>
/// Follows the files of one configured path through rotations: rename and create, copy and truncate, replacement. Keeps
/// reading a renamed file until it no longer changes, since its writers may not have reopened it. Single-threaded; <see
/// cref="Poll"/> does one round.
/// </summary>
internal sealed class LogFileFollower(
    LogFilePaths paths, LogFileOptions options, IReadOnlyList<LogFilePosition> positions, ILogRecordHandler records, ILogFileEvents events, TimeProvider time) : IDisposable
{
    private const int MaxFiles = 1_000;
    private const int MaxRetired = 64;
    private const int MaxLooks = 4;
    private static readonly TimeSpan _recordGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _deletedGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _retiredGrace = TimeSpan.FromMinutes(10);
    private readonly byte[] _buffer = new byte[64 * 1_024];
    private readonly Dictionary<string, FollowedFile> _current = new(StringComparer.Ordinal);
    private readonly List<FollowedFile> _retired = [];
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);
    private readonly SeenFiles _seen = new();
    private readonly HashSet<string> _resumed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsettled = new(StringComparer.Ordinal);
    private bool _started;

    /// <summary>Names of the files currently followed.</summary>
    public IReadOnlyCollection<string> Following => _current.Keys;

    /// <summary>Paths that exist but cannot be read.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    /// <summary>Files not followed because of the limit on open files.</summary>
    public long Refused { get; private set; }

    /// <summary>Checks every file once and reads at most <paramref name="rounds"/> buffers of each. True if there may be more to read now.</summary>
    public bool Poll(int rounds = 16)
    {
        _seen.StartLook();
        string[] found = [.. paths.Find()];
        if (!_started)
        {
            Resume();
        }

        foreach (string path in _unsettled.ToArray())
        {
            FollowUnseen(path, since: DateTime.MinValue);
        }

        ReplaceRotated(found);
        foreach (string path in found)
        {
            if (!_current.ContainsKey(path))
            {
                TryFollow(path);
            }
        }

        _started = true;
        bool more = false;
        foreach (FollowedFile file in All.ToArray())
        {
            more |= ReadNew(file, rounds);
        }

        CloseIdle();
        return more;
    }

    private IEnumerable<FollowedFile> All => _retired.Concat(_current.Values);

    /// <summary>Where to resume after a restart, for every file.</summary>
    public IEnumerable<LogFilePosition> Positions
    {
        get
        {
            // A file with a position of its own is recognised by that: it may be truncated and renamed until the next start.
            FileIdentity[] seen = [.. _seen.Recent.Except(All.Select(file => file.Identity))];
            return All.Select(file => new LogFilePosition(file.FollowedAs, file.Identity, file.MoveResumeMark(), _seen.SeenUtc, seen));
        }
    }

    /// <summary>Whether all rotated files are known. If not, a rotation was in progress at the last check: the positions are incomplete.</summary>
    public bool IsSettled => _unsettled.Count == 0;

    public void Dispose()
    {
        foreach (FollowedFile file in All)
        {
            file.Dispose();
        }
    }

    // Resume where the last run ended: under the file's name, or under the name that a rotation has since given it.
    private void Resume()
    {
        _seen.Add(positions.SelectMany(position => position.Seen));
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

            FollowUnseen(file.Key, since);
        }

        foreach (string path in paths.Find())
        {
            FollowUnseen(path, since: DateTime.MaxValue);
        }
    }

    // Two rotations between two checks: the file in between was never seen under its own name. A rotation in progress renames files while they are
    // looked at, so that one may be missed: look until nothing changes.
    private void FollowUnseen(string path, DateTime since)
    {
        List<(string, FileIdentity)> before = Look(path, since);
        for (int i = 1; i < MaxLooks; i++)
        {
            List<(string, FileIdentity)> now = Look(path, since);
            if (now.SequenceEqual(before))
            {
                _unsettled.Remove(path);
                return;
            }

            before = now;
        }

        _unsettled.Add(path);
    }

    private List<(string, FileIdentity)> Look(string path, DateTime since)
    {
        List<(string, FileIdentity)> found = [];
        foreach (string rotated in paths.FindRotated(path))
        {
            if (TryOpen(rotated) is not { } handle)
            {
                continue;
            }

            FileIdentity identity = FileIdentity.Of(handle);
            found.Add((rotated, identity));
            if (_seen.Add(handle) && File.GetLastWriteTimeUtc(handle) >= since
                && !IsRead(identity, handle, All)
                && FollowedFile.From(rotated, handle, 0, options, records) is { } file)
            {
                file.FollowedAs = paths.Covers(rotated) ? rotated : path;
                Add(file, isCurrent: paths.Covers(rotated));
            }
            else
            {
                handle.Dispose();
            }
        }

        return found;
    }

    // The file itself under another name; otherwise its newest copy.
    private bool TryResumeRenamed(LogFilePosition position)
    {
        string[] before = [];
        for (int i = 0; i < MaxLooks; i++)
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
        if (TryOpen(path) is not { } handle)
        {
            return false;
        }

        FileIdentity identity = FileIdentity.Of(handle);
        bool isSame = (isCopy ? position.Mark.Offset > 0 : identity == position.Identity) && position.Mark.Matches(handle);
        if (isSame && All.All(file => file.Identity != identity) && FollowedFile.From(path, handle, position.Mark.Offset, options, records) is { } file)
        {
            file.FollowedAs = paths.Covers(path) ? path : position.Path;
            Add(file, isCurrent: paths.Covers(path));
            return true;
        }

        handle.Dispose();
        return false;
    }

    private void Add(FollowedFile file, bool isCurrent)
    {
        _seen.Add(file.Handle);
        file.LastGrowth = time.GetTimestamp();
        if (isCurrent && _current.TryAdd(file.Path, file))
        {
            events.OnFollowing(file.Path, file.Mark.Offset);
        }
        else
        {
            _retired.Add(file);
        }
    }

    // A name may now belong to another file, or to none.
    private void ReplaceRotated(string[] found)
    {
        foreach ((string path, FollowedFile file) in _current.ToArray())
        {
            if (!Array.Exists(found, other => other == path))
            {
                Retire(path, file);
                continue;
            }

            if (TryOpen(path) is not { } handle)
            {
                continue;
            }

            using (handle)
            {
                if (FileIdentity.Of(handle) != file.Identity)
                {
                    Retire(path, file);
                }
            }
        }
    }

    private void Retire(string path, FollowedFile file)
    {
        _current.Remove(path);
        if (_retired.Count == MaxRetired)
        {
            Close(_retired[0]);
        }

        file.LastGrowth = time.GetTimestamp();
        _retired.Add(file);
        events.OnRotated(path, isCovered: true);
        if (_seen.IsFull)
        {
            _seen.Clear();
            FollowUnseen(path, since: DateTime.MaxValue);
        }
        else
        {
            FollowUnseen(path, since: DateTime.MinValue);
        }
    }

    private void TryFollow(string path)
    {
        if (TryOpen(path) is not { } handle)
        {
            return;
        }

        FileIdentity identity = FileIdentity.Of(handle);
        if (_retired.Find(file => file.Identity == identity) is { } renamed)
        {
            // The glob matches the rotated name, too, or the original name is back.
            handle.Dispose();
            _retired.Remove(renamed);
            (renamed.Path, renamed.FollowedAs) = (path, path);
            _current.Add(path, renamed);
            return;
        }

        if (IsRead(identity, handle, _current.Values))
        {
            handle.Dispose();
            return;
        }

        if (_current.Count >= MaxFiles)
        {
            Refused++;
            handle.Dispose();
            return;
        }

        Follow(path, handle);
    }

    // A second link, or the copy made by a copy-and-truncate rotation in progress: its lines are read from the original.
    private static bool IsRead(FileIdentity identity, SafeFileHandle handle, IEnumerable<FollowedFile> files) =>
        files.Any(file => file.Identity == identity || (file.Mark.Offset > 0 && file.Mark.Matches(handle)));

    private void Follow(string path, SafeFileHandle handle)
    {
        // A file present at the very first start is followed from its end; for one that appears later, everything is new.
        bool isNew = _started || _resumed.Contains(path);
        long start = isNew ? 0 : RandomAccess.GetLength(handle);
        if ((FollowedFile.From(path, handle, start, options, records) ?? FollowedFile.From(path, handle, 0, options, records)) is { } file)
        {
            Add(file, isCurrent: true);
        }
        else
        {
            handle.Dispose();
        }
    }

    private bool ReadNew(FollowedFile file, int rounds)
    {
        try
        {
            if (file.IsTruncated())
            {
                ReadTruncated(file);
            }
            else if (file.Mark.Offset == 0 && RandomAccess.GetLength(file.Handle) > 0)
            {
                // None of it has been read yet: earlier content may have been copied and truncated unseen.
                FollowUnseen(file.Path, since: file.Identity.BirthUtc);
            }

            for (int round = 0; round < rounds; round++)
            {
                if (!file.Read(_buffer))
                {
                    if (file.HasRecord && time.GetElapsedTime(file.LastGrowth) >= _recordGrace)
                    {
                        file.FlushRecord();
                    }

                    return false;
                }

                file.LastGrowth = time.GetTimestamp();
            }

            return true;
        }
        catch (IOException e)
        {
            SayUnreadable(file.Path, e.Message);
            return false;
        }
    }

    private void ReadTruncated(FollowedFile file)
    {
        bool isCovered = false;
        foreach (string candidate in paths.FindRotated(file.Path))
        {
            if (TryOpen(candidate) is not { } copy)
            {
                continue;
            }

            if (file.Mark.Offset > 0 && file.Mark.Matches(copy))
            {
                _seen.Add(copy);
                long end = file.ReadCopy(copy, _buffer);
                isCovered = true;
                if (paths.Covers(candidate) && FollowedFile.From(candidate, copy, end, options, records) is { } followed)
                {
                    // The glob matches the copy's name, too: none of its content is new.
                    Add(followed, isCurrent: true);
                }
                else
                {
                    copy.Dispose();
                }

                break;
            }

            copy.Dispose();
        }

        file.Rewind();
        FollowUnseen(file.Path, since: DateTime.MinValue);
        events.OnRotated(file.Path, isCovered);
    }

    private void CloseIdle()
    {
        foreach (FollowedFile file in _retired.ToArray())
        {
            TimeSpan idle = time.GetElapsedTime(file.LastGrowth);
            if (idle >= _retiredGrace || (idle >= _deletedGrace && FileIdentity.IsDeleted(file.Handle)))
            {
                Close(file);
            }
        }
    }

    private void Close(FollowedFile file)
    {
        file.Flush();
        _retired.Remove(file);
        file.Dispose();
    }

    private SafeFileHandle? TryOpen(string path)
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
            SayUnreadable(path, e.Message);
            return null;
        }
    }

    private void SayUnreadable(string path, string problem)
    {
        if (_unreadable.Count < MaxFiles && _unreadable.Add(path))
        {
            events.OnUnreadable(path, problem);
        }
    }
}
