using HepBridge.FreeSwitch.Events;

namespace HepBridge.Fuzz.Targets;

/// <summary>All targets, in the order in which data passes them.</summary>
internal static class TargetList
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new EslFramesTarget(),
        new ChannelListTarget(),
        new CommandReplyTarget(),
        new EventTarget("event-plain", "events as the event socket writes them by default", EventEncoding.Plain),
        new EventTarget("event-json", "events as JSON", EventEncoding.Json),
        new EventTarget("event-log", "lines of the switch's log", EventEncoding.Log),
        new DatagramTarget("datagram", "multicast datagrams without a psk", isEncrypted: false),
        new DatagramTarget("datagram-psk", "multicast datagrams with a psk", isEncrypted: true),
        new PeerTarget(),
        new SdpTarget(),
        new PipelineTarget("pipeline", "events of a call through the whole pipeline", onlyRtcp: false),
        new PipelineTarget("pipeline-rtcp", "RTCP events of a known leg through the pipeline", onlyRtcp: true),
        new HepPacketTarget(),
        new HepStreamTarget(),
        new HepInputTarget(),
        new HepRecordingTarget(),
        new PrintTarget(),
        new SpoolTarget(),
        new MaskTarget(),
        new PayloadTarget(),
        new ImportTarget(),
        new RecordingTarget(),
        new DatagramRecordingTarget(),
        new RecordingTimestampsTarget(),
        new JanusTarget(),
        new LogLinesTarget(),
        new SofiaTarget(),
        new ConfigurationTarget(),
    ];
}
