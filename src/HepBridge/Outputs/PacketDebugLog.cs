using System.Text;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs;

/// <summary>A packet in one line of the log. Allocates: only for <c>log_level: debug</c>.</summary>
internal static class PacketDebugLog
{
    public static void Write(ILogger logger, ReadOnlySpan<byte> packet)
    {
        if (HepDecoder.TryDecode(packet, out HepPacket decoded, out _))
        {
            Log.Packet(
                logger,
                $"HEP type {(int)decoded.PayloadType} {decoded.Source}:{decoded.SourcePort} → {decoded.Destination}:{decoded.DestinationPort} "
                + $"callid={Encoding.UTF8.GetString(decoded.CorrelationId)} time={decoded.Seconds}.{decoded.Microseconds:000000} {Encoding.UTF8.GetString(decoded.Payload)}");
        }
    }
}
