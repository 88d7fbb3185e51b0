using System.Diagnostics;
using HepBridge.EndToEndTests.Processes;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>A program of a Debian package as a plain process; its last lines go into the message of a failed test.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private const int KeptLines = 60;

    /// <summary>Far longer than anything here takes: it only keeps a broken test from waiting forever.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Queue<string> _lines = [];
    private readonly Task _end;
    private readonly string _name;
    private readonly int _keptLines;

    private ToolProcess(ProcessStartInfo start, int keptLines = KeptLines, bool keepsErrors = true)
    {
        _keptLines = keptLines;
        _name = Path.GetFileName(start.FileName);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(keepsErrors ? line.Data : null);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _end = _process.WaitForExitAsync(CancellationToken.None);
    }

    public bool HasEnded => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static ToolProcess Start(string directory, string program, params string[] arguments) =>
        Start(directory, new Dictionary<string, string>(), program, arguments);

    public static ToolProcess Start(string directory, IReadOnlyDictionary<string, string> variables, string program, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(directory, program, arguments);
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new ToolProcess(start);
    }

    /// <summary>Runs a program, which must succeed.</summary>
    public static async Task RunAsync(string directory, string program, params string[] arguments)
    {
        await using ToolProcess process = Start(directory, program, arguments);
        await process.SucceedsAsync();
    }

    /// <summary>Runs a program, which must succeed, and returns the non-empty lines of its standard output.</summary>
    public static async Task<string[]> ReadAsync(string directory, string program, params string[] arguments)
    {
        await using ToolProcess process = new(StartInfo(directory, program, arguments), keptLines: int.MaxValue, keepsErrors: false);
        await process.SucceedsAsync();
        return process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Waits for its exit, which must be a successful one.</summary>
    public async Task SucceedsAsync()
    {
        await _end.WaitAsync(_patience);
        Assert.True(_process.ExitCode == 0, $"{_name} ended with {_process.ExitCode}:\n{Output}");
    }

    /// <summary>Waits for a condition; false if the program exits first.</summary>
    public async Task<bool> ReachesAsync(Func<Task<bool>> state, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!await state())
        {
            if (HasEnded)
            {
                return false;
            }

            Assert.True(watch.Elapsed < _patience, $"{_name} goes on without {what}:\n{Output}");
            await Task.Delay(20);
        }

        return true;
    }

    /// <summary>Ends it by a signal, SIGTERM by default, and waits until it has exited and its last line was read.</summary>
    public async Task EndAsync(int signal = 15)
    {
        if (!HasEnded)
        {
            Assert.Equal(0, HepBridgeProcess.Kill(_process.Id, signal));
        }

        await _end.WaitAsync(_patience);
    }

    /// <summary>Kills it and all its child processes, like a crash of its host.</summary>
    public async Task CrashAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _end.WaitAsync(_patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasEnded)
        {
            await CrashAsync();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string directory, string program, string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = directory,
    };

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > _keptLines)
            {
                _lines.Dequeue();
            }
        }
    }
}
