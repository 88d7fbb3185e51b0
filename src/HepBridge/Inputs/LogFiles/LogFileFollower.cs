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
/// Follows the files of one configured path through rotations: rename and create, copy and truncate, replacement. Single-threaded; <see
/// cref="Poll"/> does one round.
/// </summary>
internal sealed class LogFileFollower : IDisposable
{
    private static readonly TimeSpan _recordGrace = TimeSpan.FromSeconds(1);
    private readonly LogFilePaths _paths;
    private readonly IReadOnlyList<LogFilePosition> _positions;
    private readonly ILogFileEvents _events;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[64 * 1_024];
    private readonly LogFileOpener _opener;
    private readonly FollowedFiles _files;
    private readonly UnseenRotations _rotations;
    private readonly LogFileResumption _resumption;
    private bool _started;

    public LogFileFollower(
        LogFilePaths paths, LogFileOptions options, IReadOnlyList<LogFilePosition> positions, ILogRecordHandler records, ILogFileEvents events, TimeProvider time)
    {
        (_paths, _positions, _events, _time) = (paths, positions, events, time);
        _opener = new LogFileOpener(events);
        _files = new FollowedFiles(options, records, events, time);
        _rotations = new UnseenRotations(paths, _opener, _files);
        _resumption = new LogFileResumption(paths, _opener, _files, _rotations, events);
    }

    /// <summary>Number of files currently followed.</summary>
    public int Following => _files.Current.Count;

    /// <summary>Paths that exist but cannot be read.</summary>
    public IReadOnlyCollection<string> Unreadable => _opener.Unreadable;

    /// <summary>Whether the last check found more files than it follows at once.</summary>
    public bool HasTooMany { get; private set; }

    /// <summary>Where to resume after a restart, for every file.</summary>
    public IEnumerable<LogFilePosition> Positions
    {
        get
        {
            // A file with a position of its own is recognised by that: it may be truncated and renamed until the next start.
            FileIdentity[] seen = [.. _files.Seen.Recent.Except(_files.All.Select(file => file.Identity))];
            return _files.All.Select(file => new LogFilePosition(file.FollowedAs, file.Identity, file.MoveResumeMark(), _files.Seen.SeenUtc, seen));
        }
    }

    /// <summary>Whether all rotated files are known. If not, a rotation was in progress at the last check: the positions are incomplete.</summary>
    public bool IsSettled => _rotations.IsSettled;

    /// <summary>Checks every file once and reads at most <paramref name="rounds"/> buffers of each. True if there may be more to read now.</summary>
    public bool Poll(int rounds = 16)
    {
        _files.Seen.StartScan();
        string[] found = [.. _paths.Find()];
        if (!_started)
        {
            _resumption.Resume(_positions);
        }

        _rotations.Retry();
        ReplaceRotated(found);
        HasTooMany = false;
        foreach (string path in found)
        {
            if (!_files.Current.ContainsKey(path))
            {
                TryFollow(path);
            }
        }

        _started = true;
        bool more = false;
        foreach (FollowedFile file in _files.All.ToArray())
        {
            more |= ReadNew(file, rounds);
        }

        _files.CloseIdle();
        return more;
    }

    public void Dispose() => _files.Dispose();

    // A name may now belong to another file, or to none.
    private void ReplaceRotated(string[] found)
    {
        foreach ((string path, FollowedFile file) in _files.Current.ToArray())
        {
            bool isFound = found.Contains(path);
            using SafeFileHandle? handle = isFound ? _opener.TryOpen(path) : null;
            if (!isFound || (handle is not null && FileIdentity.Of(handle) != file.Identity))
            {
                _files.Retire(path, file);
                _events.OnRotated(path, isCovered: true);
                _rotations.Follow(file);
            }
        }
    }

    private void TryFollow(string path)
    {
        if (_opener.TryOpen(path) is not { } handle)
        {
            return;
        }

        FileIdentity identity = FileIdentity.Of(handle);
        if (_files.TryReturn(path, identity) || FollowedFiles.IsRead(identity, handle, _files.Current.Values))
        {
            handle.Dispose();
        }
        else if (_files.IsFull)
        {
            HasTooMany = true;
            handle.Dispose();
        }
        else
        {
            // A file present at the very first start is followed from its end; for one that appears later, everything is new.
            long start = _started || _resumption.IsKnown(path) ? 0 : RandomAccess.GetLength(handle);
            if (!_files.TryAdd(path, handle, start, isCurrent: true, path) && !_files.TryAdd(path, handle, 0, isCurrent: true, path))
            {
                handle.Dispose();
            }
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
            else if (file.MayHideContent)
            {
                _rotations.Follow(file);
            }

            bool isUnread = file.Mark.Offset == 0;
            file.CheckedUtc = _files.Seen.SeenUtc;
            for (int round = 0; round < rounds; round++)
            {
                if (!file.Read(_buffer))
                {
                    if (file.HasRecord && _time.GetElapsedTime(file.LastGrowth) >= _recordGrace)
                    {
                        file.FlushRecord();
                    }

                    return false;
                }

                file.LastGrowth = _time.GetTimestamp();
                if (isUnread)
                {
                    // These bytes may have replaced unread content since the check above.
                    isUnread = false;
                    _rotations.Follow(file);
                }
            }

            return true;
        }
        catch (IOException e)
        {
            _opener.Report(file.Path, e.Message);
            return false;
        }
    }

    private void ReadTruncated(FollowedFile file)
    {
        bool isCovered = false;
        foreach (string candidate in _paths.FindRotated(file.Path))
        {
            if (_opener.TryOpen(candidate) is not { } copy)
            {
                continue;
            }

            if (file.Mark.Offset > 0 && file.Mark.Matches(copy))
            {
                _files.Seen.Add(copy);
                long end = file.ReadCopy(copy, _buffer);
                isCovered = true;

                // If the glob matches the copy's name, too, none of its content is new.
                if (!_paths.Covers(candidate) || !_files.TryAdd(candidate, copy, end, isCurrent: true, candidate))
                {
                    copy.Dispose();
                }

                break;
            }

            copy.Dispose();
        }

        file.Rewind();
        _rotations.Follow(file);
        _events.OnRotated(file.Path, isCovered);
    }
}
