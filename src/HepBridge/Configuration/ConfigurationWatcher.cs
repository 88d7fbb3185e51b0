using HepBridge.Configuration.Tables;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Configuration;

/// <summary>
/// Reloads the configuration when its file is saved or on request (SIGHUP). Passes on a valid one; reports all errors of an invalid one, and the
/// current configuration stays active.
/// </summary>
internal sealed class ConfigurationWatcher : IDisposable
{
    /// <summary>Editors save in several steps: the file is read this long after the last one.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(250);

    /// <summary>Renamed by Kubernetes when it replaces the files of a mounted ConfigMap.</summary>
    private const string MountedData = "..data";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ConfigurationEnvironment _environment;
    private readonly Sections _sections;
    private readonly ILogger _logger;
    private readonly Action<AgentConfiguration> _changed;
    private readonly ITimer _timer;
    private FileSystemWatcher? _files;
    private bool _isDisposed;

    /// <param name="path">The file of the running configuration.</param>
    /// <param name="environment">The environment to read it with.</param>
    /// <param name="sections">The sections it may contain.</param>
    /// <param name="time">Clock of the settling time.</param>
    /// <param name="logger">Receives errors and warnings.</param>
    /// <param name="changed">Receives each new configuration, one at a time, on a pool thread.</param>
    public ConfigurationWatcher(string path, ConfigurationEnvironment environment, Sections sections, TimeProvider time, ILogger logger, Action<AgentConfiguration> changed)
    {
        _path = path;
        _environment = environment;
        _sections = sections;
        _logger = logger;
        _changed = changed;
        _timer = time.CreateTimer(static state => ((ConfigurationWatcher)state!).ReadAgain(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts watching the file; where the system cannot, <see cref="Reload"/> still works.</summary>
    public void Start()
    {
        try
        {
            string path = Path.GetFullPath(_path);

            // Watch the directory, not the file: most editors write another file and rename it.
            FileSystemWatcher files = new(Path.GetDirectoryName(path)!);
            files.Filters.Add(Path.GetFileName(path));
            files.Filters.Add(MountedData);
            files.NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size;
            files.Changed += (_, _) => Reload();
            files.Created += (_, _) => Reload();
            files.Renamed += (_, _) => Reload();
            files.Deleted += (_, _) => Reload();
            files.Error += (_, error) => Log.ConfigurationNotWatched(_logger, _path, error.GetException().Message);
            _files = files;
            files.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Log.ConfigurationNotWatched(_logger, _path, exception.Message);
        }
    }

    /// <summary>Reloads after <see cref="Settle"/> without another call.</summary>
    public void Reload()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _timer.Change(Settle, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _files?.Dispose();
        _timer.Dispose();
    }

    private void ReadAgain()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            ConfigurationResult result = ConfigurationReader.Read(_path, _environment, _sections);
            foreach (ConfigurationProblem error in result.Errors)
            {
                Log.ConfigurationError(_logger, error.ToString());
            }

            foreach (ConfigurationProblem warning in result.Warnings)
            {
                Log.ConfigurationWarning(_logger, warning.ToString());
            }

            if (result.Configuration is not { } configuration)
            {
                Log.ConfigurationRefused(_logger, _path, result.Errors.Count);
                return;
            }

            try
            {
                _changed(configuration);
                Log.ConfigurationReloaded(_logger, _path);
            }
            catch (Exception exception)
            {
                // On a timer's thread, an exception would end the process.
                Log.ConfigurationNotApplied(_logger, _path, exception);
            }
        }
    }
}
