using System.Threading.Channels;

namespace HepBridge.Inputs.LogFiles;

/// <summary>
/// Wakes a reader when something changes in a directory (inotify). Only an optimization: the reader also polls, which covers file systems
/// and limits where watching fails.
/// </summary>
/// <param name="onProblem">Called once for each directory that cannot be watched.</param>
internal sealed class FileChangeSignal(Action<string> onProblem) : IDisposable
{
    private readonly Dictionary<string, FileSystemWatcher?> _watchers = new(StringComparer.Ordinal);
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Watches directories, each once; retries missing ones at the next call.</summary>
    public void Watch(IEnumerable<string> directories)
    {
        foreach (string directory in directories)
        {
            if (!_watchers.ContainsKey(directory) && Directory.Exists(directory))
            {
                _watchers.Add(directory, TryWatch(directory));
            }
        }
    }

    /// <summary>Waits for the next change, or until the timeout.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(longest, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _changed.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing changed.
        }
    }

    public void Dispose()
    {
        foreach (FileSystemWatcher? watcher in _watchers.Values)
        {
            watcher?.Dispose();
        }
    }

    private FileSystemWatcher? TryWatch(string directory)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += (_, _) => Signal();
            watcher.Created += (_, _) => Signal();
            watcher.Renamed += (_, _) => Signal();
            watcher.Error += (_, e) => onProblem($"{directory}: {e.GetException().Message}");
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            watcher?.Dispose();
            onProblem($"{directory}: {e.Message}");
            return null;
        }
    }

    // If another change is signaled already, the reader checks everything anyway.
    private void Signal() => _changed.Writer.TryWrite(true);
}
