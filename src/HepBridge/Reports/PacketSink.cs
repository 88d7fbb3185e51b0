using System.Globalization;
using System.Text.Unicode;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Masking;
using HepBridge.Outputs;
using Microsoft.Extensions.Logging;

namespace HepBridge.Reports;

/// <summary>Type, addresses and format of a report's packet.</summary>
/// <param name="Type">Payload type.</param>
/// <param name="Kind">For back-pressure and counters.</param>
/// <param name="IsJson">If it is too long, JSON loses its largest values; text is truncated.</param>
/// <param name="Source">Source address.</param>
/// <param name="SourcePort">Source port.</param>
/// <param name="Destination">Destination address.</param>
/// <param name="DestinationPort">Destination port.</param>
internal readonly record struct PacketHead(
    HepPayloadType Type, PacketKind Kind, bool IsJson, HepAddress Source, ushort SourcePort, HepAddress Destination, ushort DestinationPort)
{
    /// <summary>Transport protocol: 17 UDP, 6 TCP.</summary>
    public byte Protocol { get; init; } = 17;

    /// <summary>A log line has the switch's address at both ends, without ports.</summary>
    public static PacketHead Log(HepAddress address, bool isJson = false) => new(HepPayloadType.Log, PacketKind.Log, isJson, address, 0, address, 0);
}

/// <summary>Writes a payload. May be called again for the same packet, so it must not change any state.</summary>
internal delegate void PayloadBody<TState>(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in TState state)
    where TState : allows ref struct;

/// <summary>Builds one packet at a time in a reused buffer, and offers it to every output.</summary>
internal sealed class PacketSink(PipelineCounters counters, ILogger logger)
{
    private const int CutMarkerRoom = 48;
    private byte[] _buffer = new byte[HepEncoder.MaxPacketLength + 1];
    private byte[]? _second;
    private int _header;
    private int _maxPacket;
    private int _valueLimit;

    public IOutput[] Outputs { get; set; } = [];

    /// <summary>
    /// Builds and offers one packet. Calls <paramref name="body"/> again with a larger buffer if it was too small, and without
    /// the largest JSON values if the payload is too long.
    /// </summary>
    /// <param name="e">The event; default if there is none.</param>
    /// <param name="context">What is known about it.</param>
    /// <param name="head">Type, addresses and format.</param>
    /// <param name="state">Further data for the payload.</param>
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
        while (!TryEnd(ref writer, context, head));
    }

    /// <summary>Offers another agent's packet, with the changes that the input asks for; without any, the very bytes that came.</summary>
    /// <param name="packet">One whole packet.</param>
    /// <param name="kind">For back-pressure and counters.</param>
    /// <param name="edit">Chunks to set. A packet that would grow over 65,535 bytes passes without.</param>
    /// <param name="mask">Masks its payload (<see cref="ReadyPacket"/>); null: the payload is unchanged.</param>
    public void Pass(ReadOnlySpan<byte> packet, PacketKind kind, scoped in HepEdit edit, ValueMask? mask)
    {
        if (edit.IsEmpty && mask is null)
        {
            Offer(packet, kind);
            return;
        }

        if (edit.IsEmpty || !edit.TryApply(packet, _buffer, out int length))
        {
            packet.CopyTo(_buffer);
            length = packet.Length;
        }

        Span<byte> copy = _buffer.AsSpan(0, length);
        if (mask is not null)
        {
            ReadyPacket.Clean(copy, mask);
        }

        Offer(copy, kind);
    }

    private void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        counters.AddPacket(kind);
        foreach (IOutput output in Outputs)
        {
            output.Offer(packet, kind);
        }

        if (logger.IsEnabled(LogLevel.Debug))
        {
            PacketDebugLog.Write(logger, packet);
        }
    }

    /// <summary>Ends a received batch: sends its packets now.</summary>
    public void Flush()
    {
        foreach (IOutput output in Outputs)
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

    // False: once more, with a larger buffer or fewer values. JSON loses its largest values; text is truncated before
    // its tail, or at its end if it has none.
    private bool TryEnd(ref PayloadWriter writer, scoped in ReportContext context, scoped in PacketHead head)
    {
        if (_header == 0)
        {
            // A header of over 65 KB: not a real Call-ID.
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
        OfferAgain(packet, context.SecondCorrelationId, head.Kind);
        return true;
    }

    private void OfferAgain(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> correlationId, PacketKind kind)
    {
        if (correlationId.IsEmpty)
        {
            return;
        }

        HepEdit edit = new() { CorrelationId = correlationId };
        if (edit.TryApply(packet, _second ??= new byte[HepEncoder.MaxPacketLength], out int length))
        {
            Offer(_second.AsSpan(0, length), kind);
        }
        else
        {
            counters.PacketsTooLarge++;
        }
    }

    // Cuts between characters, and notes how much is missing. A tail that leaves no room is cut itself. Returns the new
    // length, or -1 if nothing fits.
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

        // More is removed than the marker needs: it never reaches the tail.
        int tailStart = length - tailLength;
        Utf8.TryWrite(payload[keep..tailStart], CultureInfo.InvariantCulture, $" …[{tailStart - keep} bytes cut]", out int marker);
        payload[tailStart..].CopyTo(payload[(keep + marker)..]);
        return keep + marker + tailLength;
    }
}
