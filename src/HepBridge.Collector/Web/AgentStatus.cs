namespace HepBridge.Collector.Web;

/// <summary>The agent's state, as the page shows it.</summary>
/// <param name="Version">Version of the agent.</param>
/// <param name="Started">When it started.</param>
/// <param name="JitterUnit">Unit of <c>ia_jitter</c> in its RTCP reports: "ms", "raw" (RTP clock units), or null if unknown.</param>
/// <param name="EventsPerSecond">Events received, over the last seconds.</param>
/// <param name="PacketsPerSecond">Packets made, over the last seconds.</param>
/// <param name="Packets">Packets made since the start.</param>
/// <param name="Legs">Legs currently tracked.</param>
/// <param name="Held">Events held until their Call-ID is known.</param>
/// <param name="Inputs">One per input section.</param>
/// <param name="Outputs">One per collector.</param>
/// <param name="Drops">Everything that was not reported or not sent, by reason.</param>
/// <param name="Peers">Switches heard over multicast.</param>
/// <param name="Registrations">Known registrations; at most a few hundred.</param>
public sealed record AgentStatus(
    string Version, DateTimeOffset Started, string? JitterUnit, double EventsPerSecond, double PacketsPerSecond, long Packets, long Legs, long Held,
    IReadOnlyList<InputStatus> Inputs, IReadOnlyList<OutputStatus> Outputs, IReadOnlyList<DropStatus> Drops, IReadOnlyList<PeerStatus> Peers,
    IReadOnlyList<RegistrationStatus> Registrations);

/// <summary>One input.</summary>
/// <param name="Name">Kind and address, such as "esl 127.0.0.1:8021".</param>
/// <param name="State">One or two words: "connected", "waiting 8 s", "wrong password".</param>
/// <param name="Ok">Whether the state is a good one.</param>
/// <param name="Received">Events received since the start.</param>
/// <param name="EventsPerSecond">Over the last seconds.</param>
/// <param name="Detail">One more sentence, or null.</param>
public sealed record InputStatus(string Name, string State, bool Ok, long Received, double EventsPerSecond, string? Detail = null);

/// <summary>One output.</summary>
/// <param name="Name">Transport and address, such as "udp 192.0.2.7:9060".</param>
/// <param name="State">One or two words: "sending", "reconnecting".</param>
/// <param name="Ok">Whether the state is a good one.</param>
/// <param name="Offered">Packets offered to it.</param>
/// <param name="Sent">Packets handed to the kernel.</param>
/// <param name="Dropped">Packets dropped for all reasons.</param>
/// <param name="Queued">Packets currently in its ring.</param>
/// <param name="RingBytes">Bytes in the ring.</param>
/// <param name="RingCapacity">Capacity of the ring in bytes.</param>
/// <param name="Spooled">Packets currently on disk.</param>
/// <param name="SpoolBytes">Bytes on disk; null without a spool.</param>
/// <param name="PacketsPerSecond">Over the last seconds.</param>
/// <param name="Detail">One more sentence, or null.</param>
public sealed record OutputStatus(
    string Name, string State, bool Ok, long Offered, long Sent, long Dropped, long Queued, long RingBytes, long RingCapacity,
    long Spooled, long? SpoolBytes, double PacketsPerSecond, string? Detail = null);

/// <summary>Drops at one place for one reason, since the start.</summary>
/// <param name="Where">The stage, input or output.</param>
/// <param name="Reason">The reason's name, as in the metrics.</param>
/// <param name="Count">How many.</param>
/// <param name="Advice">What it means and what to do about it, in a sentence or two.</param>
public sealed record DropStatus(string Where, string Reason, long Count, string Advice = "");

/// <summary>A switch that events were received from.</summary>
/// <param name="Name">Its <c>FreeSWITCH-Switchname</c>.</param>
/// <param name="Address">Source of its events.</param>
/// <param name="Up">Whether it is heard.</param>
/// <param name="LastHeard">When its last event arrived.</param>
/// <param name="Events">Events received from it.</param>
/// <param name="ClockDifference">Its clock minus this host's; null until its first HEARTBEAT.</param>
public sealed record PeerStatus(string Name, string Address, bool Up, DateTimeOffset LastHeard, long Events, TimeSpan? ClockDifference);

/// <summary>A registration as the switch reported it.</summary>
public sealed record RegistrationStatus(string User, string Contact, string Switch, string State, DateTimeOffset? Since, DateTimeOffset? Expires);

/// <summary>Supplies the agent's state to the page. Without one, the page shows those panels as unavailable.</summary>
public interface IStatusSource
{
    /// <summary>The current state, without secrets. Called from any thread, about once a second for each open page.</summary>
    AgentStatus Read();
}
