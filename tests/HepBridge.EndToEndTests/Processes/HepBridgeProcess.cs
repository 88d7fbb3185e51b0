using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace HepBridge.EndToEndTests.Processes;

/// <summary>The program as users start it: a separate process with its output lines, signals and exit code.</summary>
internal sealed partial class HepBridgeProcess : IAsyncDisposable
{
    /// <summary>Far longer than anything here takes: it only keeps a broken test from waiting forever.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly string _name;
    private readonly Task _end;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HepBridgeProcess(ProcessStartInfo start, string name)
    {
        _name = name;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        // Completes after the last line.
        _end = _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>All lines so far, of standard output and standard error.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public int Id => _process.Id;

    /// <summary>Number of lines so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    public static HepBridgeProcess Start(params string[] arguments) => Start(null, new Dictionary<string, string>(), arguments);

    /// <summary>Starts it in a directory, with variables; it does not inherit this process's HEPBRIDGE_ variables.</summary>
    public static HepBridgeProcess Start(string? directory, IReadOnlyDictionary<string, string> variables, params string[] arguments) =>
        Start(directory, variables, TestedAgent.Program, [.. TestedAgent.Prefix, .. arguments], arguments);

    /// <summary>Starts it in a network namespace; <c>ip</c> execs it, so signals reach it.</summary>
    public static HepBridgeProcess StartIn(string networkNamespace, params string[] arguments) => Start(
        null,
        new Dictionary<string, string>(),
        "ip",
        ["netns", "exec", networkNamespace, TestedAgent.Program, .. TestedAgent.Prefix, .. arguments],
        arguments);

    private static HepBridgeProcess Start(
        string? directory, IReadOnlyDictionary<string, string> variables, string program, string[] command, string[] arguments)
    {
        ProcessStartInfo start = new(program, command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach (string name in start.Environment.Keys.Where(static name => name.StartsWith("HEPBRIDGE_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // No diagnostics pipe: a killed process would leave it in the temporary directory.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new HepBridgeProcess(start, $"hepbridge {string.Join(' ', arguments)}");
    }

    /// <summary>Runs it until it exits.</summary>
    public static async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        await using HepBridgeProcess process = Start(arguments);
        int exitCode = await process.ExitAsync();
        return (exitCode, string.Join('\n', process.Lines));
    }

    /// <summary>Waits for a line with this text, from line <paramref name="from"/> on.</summary>
    public Task<string> SeesAsync(string text, int from = 0) => SeesAsync(line => line.Contains(text, StringComparison.Ordinal), $"\"{text}\"", from);

    /// <summary>Waits for a line that matches, and returns its first group.</summary>
    public async Task<string> MatchesAsync(string pattern, int from = 0) =>
        Regex.Match(await SeesAsync(line => Regex.IsMatch(line, pattern), pattern, from), pattern).Groups[1].Value;

    /// <summary>Waits for a line, from line <paramref name="from"/> on.</summary>
    public async Task<string> SeesAsync(Func<string, bool> wanted, string what, int from = 0)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task news;
            bool ended = _end.IsCompleted;
            lock (_gate)
            {
                for (; from < _lines.Count; from++)
                {
                    if (wanted(_lines[from]))
                    {
                        return _lines[from];
                    }
                }

                news = _news.Task;
            }

            TimeSpan rest = _patience - TimeProvider.System.GetElapsedTime(began);
            if (ended || rest <= TimeSpan.Zero)
            {
                Assert.Fail($"{_name} {(ended ? "has ended" : "goes on")} without a line of {what}:\n{string.Join('\n', Lines)}");
            }

            // Its exit is also news, but produces no line.
            Task any = Task.WhenAny(news, _end, Task.Delay(rest, TestContext.Current.CancellationToken));
            await any;
        }
    }

    /// <summary>Sends a signal, such as SIGHUP.</summary>
    public void Signal(PosixSignal signal) => Assert.Equal(0, Kill(_process.Id, signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    }));

    /// <summary>Suspends it (SIGSTOP, Linux's number), so that a test can tell what it has read and what not.</summary>
    public void Freeze() => Assert.Equal(0, Kill(_process.Id, 19));

    /// <summary>Ends it by SIGTERM, and returns its exit code.</summary>
    public Task<int> EndAsync()
    {
        Signal(PosixSignal.SIGTERM);
        return ExitAsync();
    }

    /// <summary>Kills it, like a crash.</summary>
    public async Task CrashAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Waits for its exit and its last line.</summary>
    public async Task<int> ExitAsync()
    {
        await _end.WaitAsync(_patience, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _end;
        }

        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        TaskCompletionSource news;
        lock (_gate)
        {
            _lines.Add(line);
            news = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        news.TrySetResult();
    }

    /// <summary>Sends a signal to any process, by Linux's number; not 0 on failure.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int pid, int signal);
}
