using HepBridge.Collector.Store;

namespace HepBridge.Collector.Web;

/// <summary>A page of the list of calls.</summary>
/// <remarks><c>Matching</c>: How many match in all.</remarks>
internal sealed record CallPage(long Version, int Matching, int Page, int Size, IReadOnlyList<CallRow> Calls);

/// <summary>One call in a list. Times are microseconds since 1970, durations microseconds, loss percent.</summary>
internal sealed record CallRow(
    long Id,
    long Version,
    string CallId,
    string Kind,
    long First,
    long Last,
    string From,
    string To,
    string State,
    string Cause,
    long? Duration,
    double? Mos,
    double? Loss,
    string Level,
    int Legs,
    string Source,
    string Destination,
    IReadOnlyList<string> Uuids,
    int Packets);

/// <summary>One call opened: itself or all its legs together.</summary>
/// <remarks><c>Tag</c>: Changes whenever anything in here does. <c>AllLegs</c>: Whether packets and streams are those of all legs. <c>Dropped</c>: Packets that left the middle of a very long call.</remarks>
internal sealed record CallDetail(
    string Tag,
    CallRow Call,
    bool AllLegs,
    IReadOnlyList<CallRow> Legs,
    IReadOnlyList<PacketRow> Packets,
    IReadOnlyList<StreamRow> Streams,
    long Dropped);

/// <summary>One packet in a ladder.</summary>
/// <remarks><c>Call</c>: Id of its call. <c>Number</c>: Its number there: together they name it. <c>TimeIsArrival</c>: Whether its own time was impossible. <c>Source</c>, <c>Destination</c>: Empty if unknown. <c>Kind</c>: sip, event, rtcp, qos, log, other. <c>Title</c>: What stands on the arrow. <c>Detail</c>: What stands under it, may be empty. <c>Alert</c>: Whether it tells of bad audio or a failure.</remarks>
internal sealed record PacketRow(
    long Call,
    int Number,
    long Time,
    bool TimeIsArrival,
    string Kind,
    string Source,
    int SourcePort,
    string Destination,
    int DestinationPort,
    string Title,
    string Detail,
    bool Alert,
    int Size);

/// <summary>One direction of media: what <c>To</c> received from <c>From</c>.</summary>
/// <remarks><c>Leg</c>: Id of its call. <c>MeanJitter</c>: As reported: RTP clock units or milliseconds.</remarks>
internal sealed record StreamRow(
    long Leg,
    string From,
    int FromPort,
    string To,
    int ToPort,
    string Ssrc,
    string Codec,
    double? Mos,
    double? MeanLoss,
    double? MaxLoss,
    double? MeanJitter,
    double? MaxJitter,
    double? MeanRoundTrip,
    double? MaxRoundTrip,
    string Level,
    IReadOnlyList<StreamPoint> Points,
    QosRow? Final);

/// <summary>One report of a stream: percent, as reported, and milliseconds.</summary>
internal sealed record StreamPoint(long Time, double? Loss, double? Jitter, double? RoundTrip, double? Lost);

/// <summary>The report at the call's end.</summary>
internal sealed record QosRow(double? Mos, double? Loss, double? Lost, double? Packets, double? JitterMs, double? MaxJitterMs);

/// <summary>One packet in full.</summary>
internal sealed record PacketBody(
    long Time, bool TimeIsArrival, int Type, int Protocol, string Source, int SourcePort, string Destination, int DestinationPort, long CaptureId, string Node, string CorrelationId, string Payload);

/// <summary>What an exported file holds.</summary>
internal sealed record CallExport(string Format, IReadOnlyList<ExportedCall> Calls);

/// <summary>One leg of it with all its packets.</summary>
internal sealed record ExportedCall(CallRow Call, IReadOnlyList<StreamRow> Streams, IReadOnlyList<PacketBody> Packets);

/// <summary>The agent's state, null if this viewer has none, and the viewer's own.</summary>
internal sealed record StatusReply(AgentStatus? Agent, StoreStatus Viewer, long IntakeDropped, string? JitterUnit, bool Import);

/// <summary>What became of an imported file.</summary>
internal sealed record ImportReply(long Kept, long Refused, string? Error);

/// <summary>A refusal in one sentence.</summary>
internal sealed record ErrorReply(string Error);
