using System.Globalization;

namespace HepBridge.Checks;

/// <summary>Whether the kernel lets sockets have buffers for bursts.</summary>
/// <param name="receives">Datagrams are received: multicast.</param>
/// <param name="sends">Datagrams are sent: a collector by UDP.</param>
/// <param name="limit">A limit of the kernel by its name.</param>
internal sealed class BufferCheck(bool receives, bool sends, Func<string, long?> limit) : ICheck
{
    /// <summary>What the agent asks for, for each group.</summary>
    private const long WantedReceive = 16 << 20;

    /// <summary>What the agent asks for, for each collector.</summary>
    private const long WantedSend = 4 << 20;

    public string Subject => "this host";

    public Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        Look(results, "rmem_max", WantedReceive, receives, "a burst of events may be lost before it is read");
        Look(results, "wmem_max", WantedSend, sends, "a burst of packets waits in the ring instead, which serves too");
        return Task.CompletedTask;
    }

    private void Look(CheckResults results, string name, long wanted, bool matters, string consequence)
    {
        if (limit(name) is not { } value)
        {
            return;
        }

        string what = string.Create(CultureInfo.InvariantCulture, $"net.core.{name} is {value} bytes");
        if (value >= wanted)
        {
            results.Ok(what);
        }
        else if (!matters)
        {
            results.Ok($"{what}, which is enough for what is configured");
        }
        else if (name == "wmem_max")
        {
            results.Ok($"{what}: {consequence}");
        }
        else
        {
            results.Warning($"{what}: {consequence}", string.Create(CultureInfo.InvariantCulture, $"sysctl -w net.core.{name}={wanted}, and the same line in /etc/sysctl.d/"));
        }
    }
}
