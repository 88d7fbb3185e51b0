using System.Globalization;

namespace HepBridge.Checks;

/// <summary>Checks whether the kernel allows socket buffers large enough for bursts.</summary>
/// <param name="receives">Whether datagrams are received: multicast.</param>
/// <param name="sends">Whether datagrams are sent: a UDP collector.</param>
/// <param name="limit">Returns a kernel limit by name.</param>
internal sealed class BufferCheck(bool receives, bool sends, Func<string, long?> limit) : ICheck
{
    /// <summary>What the agent requests per group.</summary>
    private const long WantedReceive = 16 << 20;

    /// <summary>What the agent requests per collector.</summary>
    private const long WantedSend = 4 << 20;

    public string Subject => "this host";

    public Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        Look(results, "rmem_max", WantedReceive, receives, "a burst of events may be lost before it is read");
        Look(results, "wmem_max", WantedSend, sends, "bursts of packets wait in the ring instead, which works, too");
        return Task.CompletedTask;
    }

    private void Look(CheckResults results, string name, long wanted, bool matters, string consequence)
    {
        if (limit(name) is not { } value)
        {
            return;
        }

        string what = $"net.core.{name} is {value} bytes";
        if (value >= wanted)
        {
            results.Ok(what);
        }
        else if (!matters)
        {
            results.Ok($"{what}, enough for this configuration");
        }
        else if (name == "wmem_max")
        {
            results.Ok($"{what}: {consequence}");
        }
        else
        {
            results.Warning($"{what}: {consequence}", $"sysctl -w net.core.{name}={wanted}, and the same line in /etc/sysctl.d/");
        }
    }

    /// <summary>The largest buffer in bytes, from <c>/proc/sys/net/core</c>; null if unknown.</summary>
    public static long? ReadLimit(string name)
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
