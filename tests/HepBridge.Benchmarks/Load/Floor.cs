using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace HepBridge.Benchmarks.Load;

/// <summary>The client that does the least that must be done (floor.c), made by the host's C compiler.</summary>
internal sealed class Floor : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-load-").FullName;

    private Floor()
    {
    }

    /// <summary>Compiles it; null and one sentence where there is no compiler.</summary>
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

    /// <summary>In the shape of what the agent sent: the same number of datagrams an event, of the same mean size.</summary>
    public Func<int, int, ChildProcess> Like(LoadResult agent) => (eventSocket, collector) => ChildProcess.Start(
        Program,
        eventSocket.ToString(CultureInfo.InvariantCulture),
        collector.ToString(CultureInfo.InvariantCulture),
        (agent.Bytes / agent.Datagrams).ToString(CultureInfo.InvariantCulture),
        (agent.Datagrams * 1000 / agent.Events).ToString(CultureInfo.InvariantCulture));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
