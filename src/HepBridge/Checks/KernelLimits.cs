using System.Globalization;

namespace HepBridge.Checks;

/// <summary>The largest socket buffers the kernel grants, from <c>/proc/sys/net/core</c>.</summary>
internal static class KernelLimits
{
    /// <summary>The value in bytes; null if unknown.</summary>
    public static long? Read(string name)
    {
        try
        {
            return long.Parse(File.ReadAllText($"/proc/sys/net/core/{name}"), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // Not Linux, or a container that hides it.
            return null;
        }
    }
}
