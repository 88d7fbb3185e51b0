using System.ComponentModel;
using System.Diagnostics;
using HepBridge.Tests.Configuration;

namespace HepBridge.EndToEndTests.Processes;

/// <summary>Prometheus's own checker (Debian: prometheus).</summary>
internal static class Promtool
{
    /// <summary>Runs <c>promtool check</c> in a directory of the repository; it must report nothing.</summary>
    public static async Task CheckAsync(string directory, string[] arguments, string input = "")
    {
        ProcessStartInfo start = new("promtool", ["check", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(Repository.Root, directory),
        };
        using Process? process = TryStart(start);
        if (process is null)
        {
            const string Missing = "promtool (package prometheus) is missing";
            Assert.False(Environment.GetEnvironmentVariable("HEPBRIDGE_E2E") == "required", Missing);
            Assert.Skip(Missing);
            return;
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 && (await error).Length == 0, $"promtool check {string.Join(' ', arguments)}: {await output}{await error}\n{input}");
    }

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
