using System.Diagnostics;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>Requirements of these tests: root on Linux, and iproute2.</summary>
internal static class Requirements
{
    /// <summary>Skips the test if namespaces cannot be created; fails it if end-to-end tests are required.</summary>
    public static void Check()
    {
        string? missing = !OperatingSystem.IsLinux() ? "network namespaces need Linux"
            : !Environment.IsPrivilegedProcess ? "making network namespaces needs root"
            : !HasIp() ? "the command ip (package iproute2) is missing"
            : null;
        if (missing is null)
        {
            return;
        }

        Assert.False(Environment.GetEnvironmentVariable("HEPBRIDGE_E2E") == "required", missing);
        Assert.Skip(missing);
    }

    private static bool HasIp()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("ip", "-V") { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
