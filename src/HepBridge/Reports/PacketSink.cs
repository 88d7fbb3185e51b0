using System.Globalization;
using System.Text.Unicode;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Masking;
using HepBridge.Outputs;

namespace HepBridge.Reports;

/// <summary>Type, addresses and form of a packet that a report makes.</summary>
/// <param name="Type">Of the payload.</param>
/// <param name="Kind">For back-pressure and counters.</param>
/// <param name="IsJson">JSON loses its largest values when it is too long; text is cut.</param>
/// <param name="Source">Sender.</param>
/// <param name="SourcePort">Its port.</param>
/// <param name="Destination">Receiver.</param>
/// <param name="DestinationPort">Its port.</param>
internal readonly record struct PacketHead(
    HepPayloadType Type, PacketKind Kind, bool IsJson, HepAddress Source, ushort SourcePort, HepAddress Destination, ushort DestinationPort)
{
    /// <summary>Transport protocol: 17 UDP, 6 TCP.</summary>
    public byte Protocol { get; init; } = 17;

    /// <summary>A log line is the switch's own: both ends are its address, without ports.</summary>
    public static PacketHead Log(HepAddress address, bool isJson = false) => new(HepPayloadType.Log, PacketKind.Log, isJson, address, 0, address, 0);
}

/// <summary>Writes a payload. It may be called again for the same packet, so it changes nothing.</summary>
internal delegate void PayloadBody<TState>(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in TState state)
    where TState : allows ref struct;

/// <summary>Makes one packet at a time in one buffer and offers it to every output.</summary>
internal sealed class PacketSink(PipelineCounters counters)
{
    private const int CutMarkerRoom = 48;
    private byte[] _buffer = new byte[HepEncoder.MaxPacketLength + 1];
    private IOutput[] _outputs = [];
    private int _header;
    private int _maxPacket;
    private int _valueLimit;

    /// <summary>Where packets go.</summary>
    public IOutput[] Outputs
    {
        get => _outputs;
        set => _outputs = value;
    }

    /// <summary>Makes one packet. The payload is written again if the buffer was too small, and with the largest JSON values left out if it is too long.</summary>
    /// <param name="e">The event that it is made of; default if there is none.</param>
    /// <param name="context">What is known about it.</param>
    /// <param name="head">Type, addresses and form.</param>
    /// <param name="state">What else the payload needs.</param>
    /// <param name="body">Writes the payload.</param>
    public void Write<TState>(
        scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in PacketHead head, scoped in TState state, PayloadBody<TState> body)
        where TState : allows ref struct
    {
        _valueLimit = int.MaxValue;
        PayloadWriter writer;
        do
        {
            writer = Begin(context, head);
            body(ref writer, e, context, state);
        }
        while (!TryEnd(ref writer, head));
    }

    /// <summary>Offers another agent's packet, made fit to leave (<see cref="ReadyPacket"/>).</summary>
    public void OfferClean(ReadOnlySpan<byte> packet, PacketKind kind, ValueMask mask)
    {
        Span<byte> copy = _buffer.AsSpan(0, packet.Length);
        packet.CopyTo(copy);
        ReadyPacket.Clean(copy, mask);
        Offer(copy, kind);
    }

    private void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
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

    private PayloadWriter Begin(scoped in ReportContext context, scoped in PacketHead head)
    {
        ReportOptions options = context.Plan.Options;
        HepPacket packet = new()
        {
            Protocol = head.Protocol,
            Source = head.Source,
            SourcePort = head.SourcePort,
            Destination = head.Destination,
            DestinationPort = head.DestinationPort,
            Seconds = context.Time.Seconds,
            Microseconds = context.Time.MicrosecondOfSecond,
            PayloadType = head.Type,
            CaptureId = options.CaptureId,
            AuthKey = options.AuthKey,
            CorrelationId = context.CorrelationId,
            NodeName = options.NodeName,
        };
        _maxPacket = options.MaxPacket;
        _header = HepEncoder.WriteHeader(packet, _buffer);
        return new PayloadWriter(_buffer.AsSpan(_header), _valueLimit, options.Mask);
    }

    // False: once more, with a larger buffer or fewer values. JSON loses its largest values; text is cut before its tail, or at its end if it has none.
    private bool TryEnd(ref PayloadWriter writer, scoped in PacketHead head)
    {
        if (_header == 0)
        {
            // A head of over 65 KB: a Call-ID that is no Call-ID.
            counters.PacketsTooLarge++;
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
            if (head.IsJson && writer.LargestValue > 0)
            {
                _valueLimit = writer.LargestValue;
                return false;
            }

            length = head.IsJson ? -1 : CutText(length, writer.TailLength);
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

        Span<byte> packet = _buffer.AsSpan(0, _header + length);
        HepEncoder.Complete(packet, _header);
        Offer(packet, head.Kind);
        return true;
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
