using System.Text;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs;

/// <summary>Writes each packet to the log: what <c>log_level: debug</c> adds beside the real outputs. Allocates; not for a busy switch.</summary>
internal sealed class PacketDebugLog(ILogger<PacketDebugLog> log) : IOutput
{
    public string Name => "log";

    public OutputCounters Counters { get; } = new();

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        if (log.IsEnabled(LogLevel.Debug) && HepDecoder.TryDecode(packet, out HepPacket decoded, out _))
        {
            Log.Packet(
                log,
                $"HEP type {(int)decoded.PayloadType} {decoded.Source}:{decoded.SourcePort} → {decoded.Destination}:{decoded.DestinationPort} "
                + $"callid={Encoding.UTF8.GetString(decoded.CorrelationId)} time={decoded.Seconds}.{decoded.Microseconds:000000} {Encoding.UTF8.GetString(decoded.Payload)}");
        }
    }

    public void Flush()
    {
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
