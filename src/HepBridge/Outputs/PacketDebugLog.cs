using System.Text;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs;

/// <summary>Logs every packet (<c>log_level: debug</c>) in addition to the real outputs. Allocates; not for a busy switch.</summary>
internal sealed class PacketDebugLog(ILogger<PacketDebugLog> logger) : IOutput
{
    public string Name => "log";

    public OutputCounters Counters { get; } = new();

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        if (logger.IsEnabled(LogLevel.Debug) && HepDecoder.TryDecode(packet, out HepPacket decoded, out _))
        {
            Log.Packet(
                logger,
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
