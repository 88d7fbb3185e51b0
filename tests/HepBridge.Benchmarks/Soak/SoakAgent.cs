using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace HepBridge.Benchmarks.Soak;

/// <summary>The agent as users run it: a separate process, observed through /proc and its own metrics.</summary>
internal sealed partial class SoakAgent : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _client = new() { Timeout = _patience };
    private readonly TaskCompletionSource<Uri> _metrics = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Queue<string> _lastLines = [];

    private SoakAgent(string configuration)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "HepBridge.dll"), "run", "--config", configuration])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            },
        };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its last lines of output.</summary>
    public string LastLines
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lastLines);
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it, and waits until its metrics are available.</summary>
    public static async Task<SoakAgent> StartAsync(string configuration)
    {
        SoakAgent agent = new(configuration);
        using CancellationTokenSource patience = new(_patience);
        await Task.WhenAny(agent._metrics.Task, agent._process.WaitForExitAsync(patience.Token));
        if (agent._metrics.Task.IsCompletedSuccessfully)
        {
            return agent;
        }

        string lines = agent.LastLines;
        agent.Dispose();
        throw new InvalidOperationException($"The agent doesn't tell where its metrics are:\n{lines}");
    }

    /// <summary>Makes it collect all its garbage, so that only live memory remains.</summary>
    public async Task CollectAsync()
    {
        using CancellationTokenSource patience = new(_patience);
        await FullCollection.RunAsync(_process.Id, patience.Token);
    }

    /// <summary>Takes a sample.</summary>
    public async Task<SoakSample> SampleAsync(TimeSpan at)
    {
        string metrics = await _client.GetStringAsync(new Uri(await _metrics.Task, "metrics"));
        string directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}");
        Dictionary<string, long> status = [];
        foreach (string line in File.ReadLines($"{directory}/status"))
        {
            string[] words = line.Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["VmRSS" or "Threads", string number, ..])
            {
                status[words[0]] = long.Parse(number, CultureInfo.InvariantCulture);
            }
        }

        return new SoakSample(at, status["VmRSS"], Directory.GetFileSystemEntries($"{directory}/fd").Length, (int)status["Threads"], new SoakMetrics(metrics));
    }

    /// <summary>Ends it by SIGTERM; returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        if (Kill(_process.Id, 15) != 0)
        {
            // It has already exited: its exit code says why.
            return _process.ExitCode;
        }

        using CancellationTokenSource patience = new(_patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _client.Dispose();
    }

    private void Hear(string? line)
    {
        const string Before = "Metrics and health are at ";
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 30)
            {
                _lastLines.Dequeue();
            }
        }

        if (line.IndexOf(Before, StringComparison.Ordinal) is var at and >= 0)
        {
            _metrics.TrySetResult(new Uri(line[(at + Before.Length)..].Split(' ')[0].Replace("metrics", "", StringComparison.Ordinal)));
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
