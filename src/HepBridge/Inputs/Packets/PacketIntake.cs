using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Hep;
using HepBridge.Pipeline;

namespace HepBridge.Inputs.Packets;

/// <summary>Validates other agents' packets and passes the good ones to the pipeline in batches. One per reading thread; allocates nothing per packet.</summary>
internal sealed class PacketIntake(EventPipeline pipeline, InputBinding binding, PacketCounters counters, RejectionWarnings<PacketReject> warnings, Func<HepInputConfiguration> configuration)
{
    /// <summary>Most packets per batch.</summary>
    public const int Capacity = 64;

    private readonly (int Offset, int Length, HepPayloadType Type, HepAddress Source, HepAddress Destination)[] _batch =
        new (int, int, HepPayloadType, HepAddress, HepAddress)[Capacity];
    private readonly DialogAddresses _addresses = new();
    private int _count;

    /// <summary>Whether the batch is full.</summary>
    public bool IsFull => _count == Capacity;

    /// <summary>Validates one packet in <paramref name="buffer"/>, and adds it to the batch if it is good.</summary>
    public void Add(byte[] buffer, int offset, int length, SenderAddress sender)
    {
        ReadOnlySpan<byte> bytes = buffer.AsSpan(offset, length);
        if (!HepDecoder.TryDecode(bytes, out HepPacket packet, out HepReject reason))
        {
            Reject(PacketRejects.Of(reason, bytes), sender);
            return;
        }

        HepAddress source = default;
        HepAddress destination = default;
        if (packet.PayloadType == HepPayloadType.Sip && packet.Source.IsIPv6 && packet.Destination.IsIPv6 && configuration().FillAddresses
            && _addresses.TryFill(packet, out source, out destination))
        {
            counters.FilledIn();
        }

        // Bytes after the packet would break the framing of TCP and of the spool.
        HepStreamFramer.Next(bytes, out int total);
        _batch[_count++] = (offset, total, packet.PayloadType, source, destination);
    }

    public void Reject(PacketReject reason, SenderAddress sender)
    {
        counters.Reject(reason);
        warnings.Add(reason, sender);
    }

    /// <summary>Passes the batch on, and empties it.</summary>
    public void Flush(byte[] buffer)
    {
        if (_count == 0)
        {
            return;
        }

        lock (pipeline.Gate)
        {
            bool reportsSip = configuration().ReportSip;
            foreach ((int offset, int length, HepPayloadType type, HepAddress source, HepAddress destination) in _batch.AsSpan(0, _count))
            {
                if (type == HepPayloadType.Sip && !reportsSip)
                {
                    pipeline.CountFiltered(binding);
                }
                else
                {
                    pipeline.ProcessPacket(buffer.AsSpan(offset, length), KindOf(type), binding, source, destination);
                }
            }

            pipeline.EndBatch();
        }

        _count = 0;
    }

    private static PacketKind KindOf(HepPayloadType type) => type switch
    {
        HepPayloadType.Sip => PacketKind.Sip,
        HepPayloadType.Rtcp => PacketKind.Rtcp,
        HepPayloadType.MosFull or HepPayloadType.MosShort or HepPayloadType.Report => PacketKind.Qos,
        _ => PacketKind.Log,
    };
}
