using System.Globalization;
using System.Text.Unicode;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Outputs;

namespace HepBridge.Reports;

/// <summary>
/// Makes one packet at a time in one buffer and offers it to every output. A report writes between <see cref="Begin"/> and
/// <see cref="TryEnd"/>, and again as long as that says so: after the buffer has grown, or with the largest JSON values left out.
/// </summary>
internal sealed class PacketSink(PipelineCounters counters)
{
    private const int CutMarkerRoom = 48;
    private byte[] _buffer = new byte[HepEncoder.MaxPacketLength + 1];
    private IOutput[] _outputs = [];
    private int _header;
    private int _maxPacket;
    private int _valueLimit = int.MaxValue;

    /// <summary>Where packets go.</summary>
    public IOutput[] Outputs
    {
        get => _outputs;
        set => _outputs = value;
    }

    /// <summary>Writes a packet's head and gives the place for its payload.</summary>
    public PayloadWriter Begin(
        scoped in ReportContext context, HepPayloadType type, HepAddress source, ushort sourcePort, HepAddress destination, ushort destinationPort)
    {
        var head = new HepPacket
        {
            Source = source,
            SourcePort = sourcePort,
            Destination = destination,
            DestinationPort = destinationPort,
            Seconds = context.Time.Seconds,
            Microseconds = context.Time.MicrosecondOfSecond,
            PayloadType = type,
            CaptureId = context.Plan.Options.CaptureId,
            AuthKey = context.Plan.Options.AuthKey,
            CorrelationId = context.CorrelationId,
            NodeName = context.Plan.Options.NodeName,
        };
        _maxPacket = context.Plan.Options.MaxPacket;
        _header = HepEncoder.WriteHeader(head, _buffer);
        return new PayloadWriter(_buffer.AsSpan(_header), _valueLimit);
    }

    /// <summary>Writes the head of a log line, which is the switch's own: both ends are its address, without ports.</summary>
    public PayloadWriter BeginLog(scoped in ReportContext context, HepAddress address) =>
        Begin(context, HepPayloadType.Log, address, 0, address, 0);

    /// <summary>Ends the packet and offers it; false: the report has to be written once more.</summary>
    /// <param name="writer">What <see cref="Begin"/> gave.</param>
    /// <param name="kind">What the packet is.</param>
    /// <param name="isJson">JSON loses its largest values when it is too long; text is cut before its tail, or at its end if it has none.</param>
    public bool TryEnd(ref PayloadWriter writer, PacketKind kind, bool isJson)
    {
        if (_header == 0)
        {
            // A head of over 65 KB: a Call-ID that is no Call-ID.
            counters.PacketsTooLarge++;
            _valueLimit = int.MaxValue;
            return true;
        }

        if (writer.Overflowed)
        {
            _buffer = new byte[_buffer.Length * 2];
            return false;
        }

        int length = writer.Length;
        if (_header + length > _maxPacket)
        {
            if (isJson)
            {
                if (writer.LargestValue > 0)
                {
                    _valueLimit = writer.LargestValue;
                    return false;
                }

                counters.PacketsTooLarge++;
                _valueLimit = int.MaxValue;
                return true;
            }

            length = CutText(length, writer.TailLength);
            if (length < 0)
            {
                counters.PacketsTooLarge++;
                return true;
            }

            counters.PacketsCut++;
        }

        if (writer.LeftOut)
        {
            counters.PacketsCut++;
        }

        _valueLimit = int.MaxValue;
        Span<byte> packet = _buffer.AsSpan(0, _header + length);
        HepEncoder.Complete(packet, _header);
        Offer(packet, kind);
        return true;
    }

    /// <summary>Offers a whole packet to every output.</summary>
    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        counters.AddPacket(kind);
        foreach (IOutput output in _outputs)
        {
            output.Offer(packet, kind);
        }
    }

    /// <summary>The end of a received batch: what was made should leave now.</summary>
    public void Flush()
    {
        foreach (IOutput output in _outputs)
        {
            output.Flush();
        }
    }

    // Cut between characters, and say how much is gone. A tail that leaves no room is cut itself. Returns the new length, or -1: no room at all.
    private int CutText(int length, int tailLength)
    {
        int room = _maxPacket - _header - CutMarkerRoom;
        int keep = room - tailLength;
        if (keep < 0)
        {
            tailLength = 0;
            keep = room;
        }

        if (keep < 0)
        {
            return -1;
        }

        Span<byte> payload = _buffer.AsSpan(_header, length);
        while (keep > 0 && (payload[keep] & 0xc0) == 0x80)
        {
            keep--;
        }

        // What goes is longer than the marker: it never reaches the tail.
        int tailStart = length - tailLength;
        Utf8.TryWrite(payload[keep..tailStart], CultureInfo.InvariantCulture, $" …[{tailStart - keep} bytes cut]", out int marker);
        payload[tailStart..].CopyTo(payload[(keep + marker)..]);
        return keep + marker + tailLength;
    }
}
