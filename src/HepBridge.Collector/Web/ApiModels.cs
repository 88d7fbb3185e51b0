using HepBridge.Collector.Store;

namespace HepBridge.Collector.Web;

/// <summary>A part of the list of calls.</summary>
/// <remarks><c>Version</c>: The store's version, which grows with each packet. <c>Matching</c>: How many calls match in all. <c>Offset</c>: Place of the first row in the whole list. <c>Anchor</c>: Place of the call that was asked for as anchor; null if none was, or if it doesn't match any more. <c>Kept</c>: How many calls are kept, matching or not. <c>Calls</c>: The rows.</remarks>
internal sealed record CallPage(long Version, int Matching, int Offset, int? Anchor, int Kept, IReadOnlyList<CallRow> Calls);

/// <summary>A call in the list. Times are microseconds since 1970, spans microseconds, loss percent.</summary>
/// <remarks><c>Ringing</c>: From the beginning of the caller's leg until it rang: the post-dial delay. <c>Answer</c>: From the beginning of the caller's leg until it was answered. <c>Duration</c>: From the answer of the caller's leg to its end. <c>Mos</c>: The worst leg's; loss and level alike. <c>Source</c>: Host of the caller's side. <c>Destination</c>: Host at the far end of the leg that was reached.</remarks>
internal sealed record CallRow(
    long Id,
    long Version,
    string Kind,
    long First,
    long Last,
    string From,
    string To,
    string State,
    string Cause,
    long? Ringing,
    long? Answer,
    long? Duration,
    double? Mos,
    double? Loss,
    string Level,
    string Source,
    string Destination,
    string Switch,
    int Packets,
    IReadOnlyList<LegRow> Legs);

/// <summary>One leg of a call; fields as in <see cref="CallRow"/>, for this leg alone.</summary>
internal sealed record LegRow(
    long Id,
    string CallId,
    IReadOnlyList<string> Uuids,
    long First,
    long Last,
    string From,
    string To,
    string State,
    string Cause,
    long? Ringing,
    long? Answer,
    long? Duration,
    double? Mos,
    double? Loss,
    string Level,
    string Source,
    string Destination,
    string Switch,
    string Node,
    int Packets);

/// <summary>One call opened.</summary>
/// <remarks><c>Tag</c>: Changes whenever anything in here does. <c>Hosts</c>: The hosts in the order of the route: the caller's side, the switch, the called sides. <c>Dropped</c>: Packets that left the middle of a very long leg.</remarks>
internal sealed record CallDetail(
    string Tag,
    CallRow Call,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<PacketRow> Packets,
    IReadOnlyList<StreamRow> Streams,
    long Dropped);

/// <summary>One packet in a ladder.</summary>
/// <remarks><c>Leg</c>: Id of its leg. <c>Number</c>: Its number there: together they name it. <c>TimeIsArrival</c>: Whether its own time was impossible. <c>Source</c>, <c>Destination</c>: Empty if unknown. <c>Kind</c>: sip, event, dtmf, log, rtcp, qos or other. <c>Title</c>: Text on the arrow. <c>Detail</c>: Text beside it, may be empty. <c>Alert</c>: Whether it tells of bad audio or a failure. <c>Stream</c>: Place of its stream in the list of streams; null if it is no media report.</remarks>
internal sealed record PacketRow(
    long Leg,
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
    int? Stream,
    int Size);

/// <summary>One direction of media: what <c>To</c> received from <c>From</c>.</summary>
/// <remarks><c>Leg</c>: Id of its leg. <c>MeanLoss</c>: Percent. <c>MeanJitter</c>: Milliseconds, as are the round trips.</remarks>
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

/// <summary>One report of a stream: loss in percent, jitter and round trip in milliseconds, packets lost as reported.</summary>
internal sealed record StreamPoint(long Time, double? Loss, double? Jitter, double? RoundTrip, double? Lost);

/// <summary>The report at the call's end.</summary>
internal sealed record QosRow(double? Mos, double? Loss, double? Lost, double? Packets, double? JitterMs, double? MaxJitterMs);

/// <summary>One packet in full.</summary>
internal sealed record PacketBody(
    long Time, bool TimeIsArrival, int Type, int Protocol, string Source, int SourcePort, string Destination, int DestinationPort, long CaptureId, string Node, string CorrelationId, string Payload);

/// <summary>An exported call.</summary>
internal sealed record CallExport(string Format, CallRow Call, IReadOnlyList<ExportedLeg> Legs);

/// <summary>One leg of it with all its packets.</summary>
internal sealed record ExportedLeg(LegRow Leg, IReadOnlyList<StreamRow> Streams, IReadOnlyList<PacketBody> Packets);

/// <summary>Packets of a call that contain a text, each as <c>leg-number</c>.</summary>
internal sealed record FindReply(IReadOnlyList<string> Packets);

/// <summary>Figures over the calls that began within a time. Times are microseconds since 1970, spans microseconds.</summary>
/// <remarks><c>IsLive</c>: Whether the time ends now; otherwise it ends with the newest call, since none is recent. <c>Answered</c>: Calls that were answered. <c>Failed</c>: Calls that were refused or found nobody. <c>Cancelled</c>: Calls that the caller gave up. <c>Now</c>: Calls that are being set up or talked on now, whenever they began. <c>AnswerRatio</c>: Percent of the calls whose setup is over that were answered (ASR). <c>MeanDuration</c>: Mean duration of the answered calls that have ended (ACD). <c>JudgedLegs</c>: Legs whose audio was reported on. <c>BadLegs</c>: Those of them that are bad. <c>Switches</c>: Addresses of all switches that any call kept was seen on.</remarks>
internal sealed record CallFigures(
    long From,
    long To,
    bool IsLive,
    int Calls,
    int Answered,
    int Failed,
    int Cancelled,
    int Now,
    double? AnswerRatio,
    long? MeanDuration,
    int JudgedLegs,
    int BadLegs,
    IReadOnlyList<FigureBucket> Buckets,
    IReadOnlyList<PeerFigures> Peers,
    IReadOnlyList<string> Switches);

/// <summary>The calls that began within one step of the chart; <c>Mos</c> is the mean of their worst legs'.</summary>
internal sealed record FigureBucket(long Start, int Calls, int Failed, double? Mos);

/// <summary>What the legs to and from one far end were like.</summary>
internal sealed record PeerFigures(string Address, int Legs, int Bad, int Failed, double? Mos, double? Loss);

/// <summary>The agent's state, null if this viewer has none, and the viewer's own.</summary>
/// <remarks><c>HistoryStep</c>: Seconds between two rates of the history. <c>History</c>: Rates over the last minutes, oldest first, by what they count: "events", "packets", "kept", "in NAME", "out NAME".</remarks>
internal sealed record StatusReply(AgentStatus? Agent, StoreStatus Viewer, long IntakeDropped, bool Import, int HistoryStep, IReadOnlyDictionary<string, IReadOnlyList<double>> History);

/// <summary>What became of an imported file.</summary>
internal sealed record ImportReply(long Kept, long Refused, string? Error);

/// <summary>A refusal in one sentence.</summary>
internal sealed record ErrorReply(string Error);
