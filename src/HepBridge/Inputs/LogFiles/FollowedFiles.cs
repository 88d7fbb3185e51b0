using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

/// <summary>
/// The open files of one path: the current ones, which have a followed name, and retired ones, which a rotation renamed and which are read
/// until they no longer change, since their writers may not have reopened them.
/// </summary>
internal sealed class FollowedFiles(LogFileOptions options, ILogRecordHandler records, ILogFileEvents events, TimeProvider time) : IDisposable
{
    /// <summary>Most current files.</summary>
    public const int MaxFiles = 1_000;

    private const int MaxRetired = 64;
    private static readonly TimeSpan _deletedGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _retiredGrace = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, FollowedFile> _current = new(StringComparer.Ordinal);
    private readonly List<FollowedFile> _retired = [];

    /// <summary>The current files by name.</summary>
    public IReadOnlyDictionary<string, FollowedFile> Current => _current;

    public IEnumerable<FollowedFile> All => _retired.Concat(_current.Values);

    /// <summary>The files that were followed or recognised as copies.</summary>
    public SeenFiles Seen { get; } = new();

    /// <summary>Whether no further file can become a current one.</summary>
    public bool IsFull => _current.Count >= MaxFiles;

    /// <summary>
    /// Follows an open file from a position that is saved under the name <paramref name="followedAs"/>; false if the file is shorter, and then the handle stays
    /// open. <paramref name="isCurrent"/>: its name is a followed one.
    /// </summary>
    public bool TryAdd(string path, SafeFileHandle handle, long offset, bool isCurrent, string followedAs)
    {
        if (FollowedFile.From(path, handle, offset, options, records) is not { } file)
        {
            return false;
        }

        file.FollowedAs = followedAs;
        Seen.Add(handle);
        file.LastGrowth = time.GetTimestamp();
        if (isCurrent && _current.TryAdd(path, file))
        {
            events.OnFollowing(path, file.Mark.Offset);
        }
        else
        {
            _retired.Add(file);
        }

        return true;
    }

    /// <summary>The file has lost its followed name.</summary>
    public void Retire(string path, FollowedFile file)
    {
        _current.Remove(path);
        if (_retired.Count == MaxRetired)
        {
            Close(_retired[0]);
        }

        file.LastGrowth = time.GetTimestamp();
        _retired.Add(file);
    }

    /// <summary>A retired file has a followed name: the glob matches the rotated name, too, or the original name is back. False if it is not a retired file.</summary>
    public bool TryReturn(string path, FileIdentity identity)
    {
        if (_retired.Find(file => file.Identity == identity) is not { } renamed)
        {
            return false;
        }

        _retired.Remove(renamed);
        (renamed.Path, renamed.FollowedAs) = (path, path);
        _current.Add(path, renamed);
        return true;
    }

    /// <summary>Whether the file is read already: a second link, or the copy made by a copy-and-truncate rotation in progress, whose lines are read from the original.</summary>
    public static bool IsRead(FileIdentity identity, SafeFileHandle handle, IEnumerable<FollowedFile> files) =>
        files.Any(file => file.Identity == identity || (file.Mark.Offset > 0 && file.Mark.Matches(handle)));

    /// <summary>Closes retired files that no longer change.</summary>
    public void CloseIdle()
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

    public void Dispose()
    {
        foreach (FollowedFile file in All)
        {
            file.Dispose();
        }
    }

    private void Close(FollowedFile file)
    {
        file.Flush();
        _retired.Remove(file);
        file.Dispose();
    }
}

/// <summary>The files that were followed or recognised as copies: none of them is read as a new one. It survives restarts.</summary>
internal sealed class SeenFiles
{
    private const int MaxFiles = 100_000;

    // The kernel stamps files with its clock of the last tick.
    private static readonly TimeSpan _clockTick = TimeSpan.FromMilliseconds(20);
    private readonly HashSet<FileIdentity> _files = [];
    private readonly List<(FileIdentity File, DateTime WrittenUtc)> _recent = [];

    /// <summary>Every file last written before this time has been seen.</summary>
    public DateTime SeenUtc { get; private set; }

    /// <summary>The files seen that were written since.</summary>
    public IEnumerable<FileIdentity> Recent => _recent.Select(recent => recent.File);

    /// <summary>Whether older files must be forgotten: there are too many.</summary>
    public bool IsFull => _files.Count > MaxFiles;

    /// <summary>Starts another scan of all files.</summary>
    public void StartScan()
    {
        // The clock of the files' times, not an injected one.
        SeenUtc = TimeProvider.System.GetUtcNow().UtcDateTime - _clockTick;
        _recent.RemoveAll(recent => recent.WrittenUtc < SeenUtc);
    }

    /// <summary>Adds a file; false if it was seen before.</summary>
    public bool Add(SafeFileHandle handle)
    {
        FileIdentity file = FileIdentity.Of(handle);
        if (!_files.Add(file))
        {
            return false;
        }

        DateTime written = File.GetLastWriteTimeUtc(handle);
        if (written >= SeenUtc)
        {
            _recent.Add((file, written));
        }

        return true;
    }

    /// <summary>Adds the files that an earlier run saw: written before now.</summary>
    public void Add(IEnumerable<FileIdentity> files)
    {
        foreach (FileIdentity file in files)
        {
            if (_files.Add(file))
            {
                _recent.Add((file, SeenUtc + _clockTick));
            }
        }
    }

    /// <summary>Forgets all files.</summary>
    public void Clear() => _files.Clear();
}
