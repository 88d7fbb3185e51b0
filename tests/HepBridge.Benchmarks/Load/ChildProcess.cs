using System.Diagnostics;
using System.Globalization;

namespace HepBridge.Benchmarks.Load;

/// <summary>A process of a measurement: its output line by line, its cost, and its end.</summary>
internal sealed class ChildProcess : IDisposable
{
    // USER_HZ, the unit of /proc: 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>This program again, in another role.</summary>
    public static ChildProcess Self(params string[] arguments) => Start(Environment.ProcessPath!, arguments);

    public static ChildProcess Start(string path, params string[] arguments) => new(Process.Start(new ProcessStartInfo(path, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!);

    /// <summary>Processor time so far, user and system.</summary>
    public TimeSpan Processor
    {
        get
        {
            // proc_pid_stat(5): utime and stime are the 14th and 15th fields; the 2nd, the name, may contain spaces and ends with a parenthesis.
            string stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / TicksPerSecond);
        }
    }

    /// <summary>Resident memory in megabytes.</summary>
    public double Megabytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
    }

    /// <summary>Wakeups of its threads so far.</summary>
    public long Wakeups => Directory.EnumerateFiles($"/proc/{_process.Id}/task", "status", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
        .SelectMany(File.ReadLines)
        .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line[(line.IndexOf(':') + 1)..], CultureInfo.InvariantCulture));

    public async Task<string> ReadAsync()
    {
        using CancellationTokenSource limit = new(_patience);
        return await _process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended too early.");
    }

    public void Write(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Discards its output, which would otherwise block it.</summary>
    public void Ignore() => _process.BeginOutputReadLine();

    /// <summary>Closes its input, which ends this program's roles, and returns its last line.</summary>
    public async Task<string> FinishAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource limit = new(_patience);
        string said = await _process.StandardOutput.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return said.Trim();
    }

    /// <summary>Waits until it has been idle for 0.3 s.</summary>
    public async Task WhenIdleAsync()
    {
        TimeSpan last = Processor;
        for (int quiet = 0; quiet < 3;)
        {
            await Task.Delay(100);
            TimeSpan now = Processor;
            quiet = now - last > TimeSpan.FromMilliseconds(10) ? 0 : quiet + 1;
            last = now;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
