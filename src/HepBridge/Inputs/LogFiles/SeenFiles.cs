using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

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
