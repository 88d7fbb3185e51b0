using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace HepBridge.Benchmarks.Load;

/// <summary>A minimal C baseline (floor.c) that only reads, splits and sends, built with the host's C compiler.</summary>
internal sealed class Floor : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-load-").FullName;

    private Floor()
    {
    }

    /// <summary>Compiles it; null and one sentence if there is no compiler.</summary>
    public static async Task<(Floor? Floor, string Problem)> CompileAsync()
    {
        Floor floor = new();
        try
        {
            using Process compiler = Process.Start("cc", ["-O2", "-o", floor.Program, Path.Combine(AppContext.BaseDirectory, "Load", "floor.c")]);
            await compiler.WaitForExitAsync();
            if (compiler.ExitCode == 0)
            {
                return (floor, "");
            }

            floor.Dispose();
            return (null, $"cc failed ({compiler.ExitCode}): the figures stand without their ratios");
        }
        catch (Win32Exception)
        {
            floor.Dispose();
            return (null, "there is no C compiler (install gcc): the figures stand without their ratios");
        }
    }

    private string Program => Path.Combine(_directory, "floor");

    /// <summary>With the agent's output shape: the same number of datagrams per event, of the same mean size.</summary>
    public Func<int, int, ChildProcess> Like(LoadResult agent) => (eventSocket, collector) => ChildProcess.Start(
        Program,
        eventSocket.ToString(CultureInfo.InvariantCulture),
        collector.ToString(CultureInfo.InvariantCulture),
        (agent.Bytes / agent.Datagrams).ToString(CultureInfo.InvariantCulture),
        (agent.Datagrams * 1000 / agent.Events).ToString(CultureInfo.InvariantCulture));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
