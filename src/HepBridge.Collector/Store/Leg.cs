using System.Text;
using HepBridge.Collector.Payloads;
using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>One leg: all packets with one SIP Call-ID, and the facts in them. Requires the store's lock.</summary>
internal sealed class Leg(long id, string callId)
{
    /// <summary>Memory of an empty leg in bytes, including its index entries.</summary>
    public const int Overhead = 2048;

    public const string NormalClearing = "NORMAL_CLEARING";

    private readonly LegPackets _packets = new();
    private readonly LegProgress _progress = new();
    private readonly LossFigures _loss = new();
    private bool _partiesFromEvents;
    private bool _hostsFromSip;
    private bool _isCall;
    private bool _isOutbound;
    private (HepAddress Source, HepAddress Destination)? _hosts;

    /// <summary>Number of the leg in this process: short, and safe in a URL.</summary>
    public long Id { get; } = id;

    public string CallId { get; } = callId;
    public Call Call { get; set; } = null!;
    public IReadOnlyList<StoredPacket> Packets => _packets.All;
    public long Bytes => Overhead + _packets.Bytes + Uuids.Bytes + Aliases.Bytes + Addresses.Bytes;

    /// <summary>Packets that made room for newer ones.</summary>
    public long Dropped => _packets.Dropped;

    public long First { get; private set; } = long.MaxValue;
    public long Last { get; private set; }

    /// <summary>When it was created or invited; null if neither was seen.</summary>
    public long? StartedAt => _progress.StartedAt;

    /// <summary>When the far end first rang or sent early media.</summary>
    public long? RingingAt => _progress.RingingAt;

    public long? AnsweredAt => _progress.AnsweredAt;
    public long? EndedAt => _progress.EndedAt;
    public string From { get; private set; } = string.Empty;
    public string To { get; private set; } = string.Empty;
    public string Cause { get; private set; } = string.Empty;
    public CallState State => _progress.State;
    public DialogKind Kind { get; private set; }
    public double? Mos { get; private set; }
    public double? LossPercent => _loss.Percent;
    public QualityLevel Level => MediaQuality.Level(Mos, LossPercent);

    /// <summary>Microseconds from answer to end, or to the last packet if still up; null if it was never answered.</summary>
    public long? Duration => AnsweredAt is long answered ? Math.Max(0, (EndedAt ?? Last) - answered) : null;

    public BoundedNames Uuids { get; } = new();

    /// <summary>Names that join legs: its own Call-ID and UUIDs, other legs' UUIDs and Call-IDs, conferences. See <see cref="AliasIndex"/>.</summary>
    public BoundedNames Aliases { get; } = new();

    /// <summary>UUID of the leg that originated this one; empty if it started the call, or if no event named it.</summary>
    public string Originator { get; private set; } = string.Empty;

    /// <summary>Address of the switch that reported this leg; null if only SIP or media reports were seen so far.</summary>
    public HepAddress? Switch { get; private set; }

    /// <summary>The switch's address as text, or empty.</summary>
    public string SwitchName { get; private set; } = string.Empty;

    /// <summary>Node name of the agent (chunk 0x13), or empty.</summary>
    public string Node { get; private set; } = string.Empty;

    /// <summary>Learns the unit of the RTCP reports' jitter.</summary>
    public JitterScale Jitter { get; } = new();

    /// <summary>The two hosts of this leg, the calling one first: from the first SIP message, else from the first media report.</summary>
    public (HepAddress Source, HepAddress Destination)? Hosts =>
        _hosts is (HepAddress source, HepAddress destination) && !_hostsFromSip && Switch is HepAddress at && (_isOutbound ? destination : source).Equals(at)
            ? (destination, source)
            : _hosts;

    /// <summary>All addresses as text, for the search.</summary>
    public BoundedNames Addresses { get; } = new();

    /// <summary>The address as text; empty if the packet has none, or 0.0.0.0 or ::, which agents send for an unknown address.</summary>
    public static string HostName(HepAddress address) => address.IsUnspecified ? string.Empty : address.ToString();

    /// <summary>Stores a packet and updates the leg from it.</summary>
    public void Add(byte[] bytes, in HepPacket packet, SipMessage? sip, PacketTime at, CallStoreOptions options)
    {
        long time = at.Microseconds;
        First = Math.Min(First, time);
        Last = Math.Max(Last, time);
        NoteHosts(packet, sip is not null);
        if (sip is not null)
        {
            Observe(sip, time);
            // An agent may have set a neighboring leg's Call-ID here.
            Aliases.Add(CallIds.Name(packet.CorrelationId));
        }
        else
        {
            ObserveReport(packet, time);
        }

        if (Node.Length == 0 && packet.NodeName.Length is > 0 and <= BoundedNames.MaxLength)
        {
            Node = Encoding.UTF8.GetString(packet.NodeName);
        }

        _packets.Add(time, at.IsArrival, packet.PayloadType, bytes, options);
    }

    private void NoteHosts(in HepPacket packet, bool isSip)
    {
        bool between = !packet.Source.Equals(packet.Destination) && !packet.Source.IsUnspecified && !packet.Destination.IsUnspecified;
        if (between && (_hosts is null || (isSip && !_hostsFromSip)))
        {
            _hosts = (packet.Source, packet.Destination);
            _hostsFromSip = isSip;
        }

        if (Addresses.All.Count < BoundedNames.MaxNames)
        {
            Addresses.Add(HostName(packet.Source));
            Addresses.Add(HostName(packet.Destination));
        }
    }

    private void Observe(SipMessage sip, long time)
    {
        foreach (string related in sip.Related)
        {
            Aliases.Add(related);
        }

        DialogKind kind = KindOf(sip.Method);
        _isCall |= kind == DialogKind.Call;
        Kind = _isCall ? DialogKind.Call : kind;
        if (sip.IsRequest)
        {
            if (!_partiesFromEvents && From.Length == 0)
            {
                From = sip.From;
                To = sip.To;
            }

            CallState state = sip.Method switch { "INVITE" => CallState.Calling, "CANCEL" => CallState.Cancelled, "BYE" => CallState.Ended, _ => CallState.Unknown };
            _progress.Advance(state, time, isSip: true);
        }
        else if (sip.Method == "REGISTER" && sip.Status is not (401 or 407))
        {
            Cause = $"{sip.Status} {sip.Reason}";
            _progress.State = sip.Status < 300 ? CallState.Answered : CallState.Failed;
        }
        else if (sip.Method == "INVITE")
        {
            CallState state = sip.Status switch
            {
                180 or 183 => CallState.Ringing,
                >= 200 and < 300 => CallState.Answered,
                487 => CallState.Cancelled,
                >= 300 and not (401 or 407 or 491) when AnsweredAt is null => CallState.Failed,
                _ => CallState.Unknown,
            };
            Cause = state == CallState.Failed && (Cause is "" or NormalClearing) ? $"{sip.Status} {sip.Reason}" : Cause;
            _progress.Advance(state, time, isSip: true);
        }
    }

    private void ObserveReport(in HepPacket packet, long time)
    {
        switch (packet.PayloadType)
        {
            case HepPayloadType.Log when CallLogLine.TryParse(packet.Payload, out CallLogLine line):
                if (Switch is null && packet.Source.Equals(packet.Destination) && !packet.Source.IsUnspecified)
                {
                    Switch = packet.Source;
                    SwitchName = packet.Source.ToString();
                }

                Observe(line, time);
                break;
            case HepPayloadType.Log when State == CallState.Unknown && RegistrationLine.TryParse(packet.Payload, out RegistrationLine registration):
                Kind = DialogKind.Registration;
                From = From.Length == 0 ? registration.User : From;
                Cause = registration.What;
                _progress.State = registration.Refused ? CallState.Failed : CallState.Answered;
                break;
            case HepPayloadType.Rtcp when RtcpReport.TryParse(packet.Payload, out RtcpReport rtcp):
                _loss.Observe(packet.Source, packet.SourcePort, rtcp);
                Jitter.Observe(packet.Source, packet.SourcePort, rtcp);
                break;
            case HepPayloadType.MosFull or HepPayloadType.MosShort or HepPayloadType.Report when QosReport.TryParse(packet.Payload, out QosReport qos):
                Mos = qos.Mos is null || Mos < qos.Mos ? Mos : qos.Mos;
                _loss.Observe(qos);
                Jitter.Observe(packet.Destination, packet.DestinationPort, qos);
                break;
            case HepPayloadType.Log when ConferenceLine.TryParse(packet.Payload, out string conference):
                Aliases.Add(conference);
                break;
        }
    }

    private void Observe(CallLogLine line, long time)
    {
        (Kind, _isCall) = (DialogKind.Call, true);
        if (Uuids.Add(line.Uuid))
        {
            Aliases.Add(line.Uuid);
        }

        Aliases.Add(line.Other);
        Aliases.Add(line.Conference);
        _isOutbound |= line.IsOutbound;
        if (Originator.Length == 0 && line.IsOutbound && line.Other != line.Uuid)
        {
            Originator = line.Other;
        }

        if (!_partiesFromEvents && line.From.Length + line.To.Length > 0)
        {
            // The switch knows the numbers; SIP may only have user names.
            From = line.From.Length > 0 ? line.From : From;
            To = line.To.Length > 0 ? line.To : To;
            _partiesFromEvents = line.From.Length > 0 && line.To.Length > 0;
        }

        bool isEnd = line.State is "HANGUP" or "HANGUP_COMPLETE";
        if (isEnd && line.Cause.Length > 0 && (line.Cause != NormalClearing || Cause.Length == 0))
        {
            Cause = line.Cause;
        }

        CallState state = line.State switch
        {
            "CREATE" => CallState.Calling,
            "PROGRESS" or "PROGRESS_MEDIA" => CallState.Ringing,
            "ANSWER" => CallState.Answered,
            _ when !isEnd => CallState.Unknown,
            _ when AnsweredAt is not null => CallState.Ended,
            _ => line.Cause is "ORIGINATOR_CANCEL" or "LOSE_RACE" ? CallState.Cancelled : CallState.Failed,
        };
        _progress.Advance(state, time, isSip: false);
    }

    private static DialogKind KindOf(string method) => method switch
    {
        "REGISTER" => DialogKind.Registration,
        "INVITE" or "ACK" or "BYE" or "CANCEL" or "PRACK" or "UPDATE" or "REFER" or "INFO" => DialogKind.Call,
        _ => DialogKind.Other,
    };
}
