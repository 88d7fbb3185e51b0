using System.Text.Json;
using System.Text.Json.Serialization;
using HepBridge.Collector.Store;

namespace HepBridge.Collector.Web;

/// <summary>A part of the list of calls.</summary>
/// <remarks>
/// <c>Version</c>: the store's version, which increases with each packet. <c>Matching</c>: how many calls match in total.
/// <c>Offset</c>: position of the first row in the whole list. <c>Anchor</c>: position of the requested anchor call; null if none
/// was requested, or if it no longer matches. <c>Kept</c>: how many calls are stored, matching or not. <c>Calls</c>: the rows.
/// </remarks>
internal sealed record CallPage(long Version, int Matching, int Offset, int? Anchor, int Kept, IReadOnlyList<CallRow> Calls);

/// <summary>A call in the list. Times are microseconds since 1970, durations microseconds, loss percent.</summary>
/// <remarks>
/// <c>Ringing</c>: from the start of the caller's leg until it rang, the post-dial delay. <c>Answer</c>: from the start of the
/// caller's leg until it was answered. <c>Duration</c>: from the answer of the caller's leg to its end. <c>Mos</c>: the worst
/// leg's; likewise loss and level. <c>Source</c>: host of the caller's side. <c>Destination</c>: host at the far end of the leg
/// that was reached.
/// </remarks>
internal sealed record CallRow(
    long Id, long Version, string Kind, long First, long Last, string From, string To, string State, string Cause,
    long? Ringing, long? Answer, long? Duration, double? Mos, double? Loss, string Level,
    string Source, string Destination, string Switch, int Packets, IReadOnlyList<LegRow> Legs);

/// <summary>One leg of a call, with the fields of <see cref="CallRow"/> for this leg alone.</summary>
internal sealed record LegRow(
    long Id, string CallId, IReadOnlyList<string> Uuids, long First, long Last, string From, string To, string State, string Cause,
    long? Ringing, long? Answer, long? Duration, double? Mos, double? Loss, string Level,
    string Source, string Destination, string Switch, string Node, int Packets);

/// <summary>One call with all its details.</summary>
/// <remarks>
/// <c>Tag</c>: changes whenever anything else here does. <c>Hosts</c>: the hosts in the order of the route: the caller's side,
/// the switch, the called sides. <c>Dropped</c>: packets removed from the middle of a very long leg.
/// </remarks>
internal sealed record CallDetail(
    string Tag, CallRow Call, IReadOnlyList<string> Hosts, IReadOnlyList<PacketRow> Packets, IReadOnlyList<StreamRow> Streams, long Dropped);

/// <summary>One packet in a ladder.</summary>
/// <remarks>
/// <c>Leg</c>: id of its leg. <c>Number</c>: its number there; together they identify it. <c>TimeIsArrival</c>: whether its own
/// time was impossible. <c>Source</c>, <c>Destination</c>: empty if unknown. <c>Kind</c>: sip, event, dtmf, log, rtcp, qos or
/// other. <c>Title</c>: text on the arrow. <c>Detail</c>: text next to it, possibly empty. <c>Alert</c>: whether it shows bad
/// audio or a failure. <c>Stream</c>: index in the list of streams; null if it is not a media report.
/// </remarks>
internal sealed record PacketRow(
    long Leg, int Number, long Time, bool TimeIsArrival, string Kind, string Source, int SourcePort, string Destination, int DestinationPort,
    string Title, string Detail, bool Alert, int? Stream, int Size);

/// <summary>One direction of media: what <c>To</c> received from <c>From</c>.</summary>
/// <remarks><c>Leg</c>: id of the leg. <c>MeanLoss</c>: percent. <c>MeanJitter</c>: milliseconds, like the round trips.</remarks>
internal sealed record StreamRow(
    long Leg, string From, int FromPort, string To, int ToPort, string Ssrc, string Codec, double? Mos,
    double? MeanLoss, double? MaxLoss, double? MeanJitter, double? MaxJitter, double? MeanRoundTrip, double? MaxRoundTrip,
    string Level, IReadOnlyList<StreamPoint> Points, QosRow? Final);

/// <summary>One report of a stream: loss in percent, jitter and round trip in milliseconds, packets lost as reported.</summary>
internal sealed record StreamPoint(long Time, double? Loss, double? Jitter, double? RoundTrip, double? Lost);

/// <summary>The report at the end of the call.</summary>
internal sealed record QosRow(double? Mos, double? Loss, double? Lost, double? Packets, double? JitterMs, double? MaxJitterMs);

/// <summary>One packet in full.</summary>
internal sealed record PacketBody(
    long Time, bool TimeIsArrival, int Type, int Protocol, string Source, int SourcePort, string Destination, int DestinationPort,
    long CaptureId, string Node, string CorrelationId, string Payload);

/// <summary>An exported call.</summary>
internal sealed record CallExport(string Format, CallRow Call, IReadOnlyList<ExportedLeg> Legs);

/// <summary>One leg with all its packets.</summary>
internal sealed record ExportedLeg(LegRow Leg, IReadOnlyList<StreamRow> Streams, IReadOnlyList<PacketBody> Packets);

/// <summary>Packets of a call that contain the search text, each as <c>leg-number</c>.</summary>
internal sealed record FindReply(IReadOnlyList<string> Packets);

/// <summary>Figures over the calls that started within a period. Times are microseconds since 1970, durations microseconds.</summary>
/// <remarks>
/// <c>IsLive</c>: whether the period ends now; otherwise it ends with the newest call, because none is recent. <c>Answered</c>:
/// calls that were answered. <c>Failed</c>: calls that were rejected or reached nobody. <c>Cancelled</c>: calls that the caller
/// gave up. <c>Now</c>: calls in setup or in progress now, whenever they started. <c>AnswerRatio</c>: percentage of the calls
/// past setup that were answered (ASR). <c>MeanDuration</c>: mean duration of the answered calls that have ended (ACD).
/// <c>JudgedLegs</c>: legs with reports on their audio. <c>BadLegs</c>: those with bad audio. <c>Switches</c>: addresses of the
/// switches of all stored calls.
/// </remarks>
internal sealed record CallFigures(
    long From, long To, bool IsLive, int Calls, int Answered, int Failed, int Cancelled, int Now, double? AnswerRatio, long? MeanDuration,
    int JudgedLegs, int BadLegs, IReadOnlyList<FigureBucket> Buckets, IReadOnlyList<PeerFigures> Peers, IReadOnlyList<string> Switches);

/// <summary>The calls that started within one column of the chart; <c>Mos</c> is the mean of their worst legs'.</summary>
internal sealed record FigureBucket(long Start, int Calls, int Failed, double? Mos);

/// <summary>Figures over the legs to and from one far end.</summary>
internal sealed record PeerFigures(string Address, int Legs, int Bad, int Failed, double? Mos, double? Loss);

/// <summary>The agent's state, null if this viewer has none, and the viewer's own.</summary>
/// <remarks>
/// <c>HistoryStep</c>: seconds between two rates of the history. <c>History</c>: rates over the last minutes, oldest first, by
/// what is counted: "events", "packets", "kept", "in NAME", "out NAME".
/// </remarks>
internal sealed record StatusReply(AgentStatus? Agent, StoreStatus Viewer, long IntakeDropped, bool Import, int HistoryStep, IReadOnlyDictionary<string, IReadOnlyList<double>> History);

/// <summary>Result of importing a file.</summary>
internal sealed record ImportReply(long Kept, long Refused, string? Error);

/// <summary>An error in one sentence.</summary>
internal sealed record ErrorReply(string Error);

/// <summary>The API's JSON, generated at build time. The encoder escapes everything that HTML could interpret.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallPage))]
[JsonSerializable(typeof(CallDetail))]
[JsonSerializable(typeof(CallFigures))]
[JsonSerializable(typeof(FindReply))]
[JsonSerializable(typeof(PacketBody))]
[JsonSerializable(typeof(CallExport))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(ImportReply))]
[JsonSerializable(typeof(ErrorReply))]
internal sealed partial class ViewerJson : JsonSerializerContext;
