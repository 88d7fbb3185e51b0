using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Reports;

namespace HepBridge.Pipeline;

/// <summary>Passes other agents' packets to the outputs, changed only as configured for their input, and joins the legs of their SIP.</summary>
internal sealed class PacketPassage
{
    private readonly PacketSink _sink;
    private readonly PipelineCounters _counters;
    private readonly SipJoiner<Kept> _joiner;

    public PacketPassage(PacketSink sink, PipelineCounters counters)
    {
        (_sink, _counters) = (sink, counters);
        _joiner = new SipJoiner<Kept>(Dialogs, OfferHeld);
        Dialogs.Changed = _joiner.Release;
    }

    /// <summary>Which Call-IDs belong together.</summary>
    public DialogTable Dialogs { get; } = new();

    /// <summary>Passes on one packet, or holds it.</summary>
    public void Pass(ReadOnlySpan<byte> packet, scoped in Kept context, bool areEventsExpected, long nowMilliseconds)
    {
        ReadOnlySpan<byte> neighbor = default;
        if (context.Kind == PacketKind.Sip && context.Input.Plan.Options.Packets.SipCorrelation == SipCorrelation.Joined
            && TryReadJoinable(packet, out SipHead head)
            && _joiner.TryHold(packet, head, context, areEventsExpected, nowMilliseconds, out neighbor))
        {
            _counters.Held++;
            return;
        }

        Offer(packet, neighbor, context);
    }

    /// <summary>Releases packets that were held long enough.</summary>
    public void Tick(long nowMilliseconds)
    {
        _joiner.Tick(nowMilliseconds);
        Dialogs.Tick(nowMilliseconds);
        _counters.SipHeld = _joiner.Held;
        _counters.SipExpired = _joiner.Expired;
        _counters.Dialogs = Dialogs.Count;
    }

    /// <summary>On shutdown: releases all held packets.</summary>
    public void ReleaseEverything() => _joiner.ReleaseEverything();

    // Another agent's own correlation id is kept: it may know better.
    private static bool TryReadJoinable(ReadOnlySpan<byte> packet, out SipHead head)
    {
        head = default;
        return HepDecoder.TryDecode(packet, out HepPacket decoded, out _)
            && SipHead.TryRead(decoded.Payload, out head)
            && head.CallId.Length is > 0 and <= FreeSwitch.Events.EventLimits.MaxCallId
            && (decoded.CorrelationId.IsEmpty || decoded.CorrelationId.SequenceEqual(head.CallId));
    }

    private void OfferHeld(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> neighbor, in Kept context)
    {
        _counters.Held--;
        _counters.ReportedAfterHold++;
        Offer(packet, neighbor, context);
    }

    private void Offer(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> neighbor, in Kept context)
    {
        PacketOptions options = context.Input.Plan.Options.Packets;
        HepEdit edit = new()
        {
            CaptureId = options.CaptureId,
            AuthKey = options.AuthKey,
            NodeName = options.NodeName,
            CorrelationId = neighbor,
            Source = context.Source,
            Destination = context.Destination,
        };
        _sink.Pass(packet, context.Kind, edit, options.Mask);
        _counters.Reported++;
        _counters.SipJoined += neighbor.IsEmpty ? 0 : 1;
    }

    /// <summary>Data stored with a held packet.</summary>
    /// <param name="Input">Its input.</param>
    /// <param name="Kind">For back-pressure and counters.</param>
    /// <param name="Source">Replaces an all-zero IPv6 source address; default: unchanged.</param>
    /// <param name="Destination">Replaces an all-zero IPv6 destination address; default: unchanged.</param>
    internal readonly record struct Kept(InputBinding Input, PacketKind Kind, HepAddress Source, HepAddress Destination);
}
