using HepBridge.Collector.Payloads;
using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>
/// All packets of one Call-ID, which is one leg in FreeSWITCH's words, and what they say of it. Touched only under the store's lock.
/// </summary>
internal sealed class Call(long id, string callId)
{
    /// <summary>What a call costs before its first packet, names and indexes included.</summary>
    public const int Overhead = 2048;

    // Of a long call the beginning stays (how it was set up), then the newest.
    private const int KeptBeginning = 500;

    private const string NormalClearing = "NORMAL_CLEARING";

    private readonly List<StoredPacket> _packets = new(8);
    private readonly LossFigures _loss = new();
    private long _packetBytes;
    private int _nextNumber = 1;
    private bool _partiesFromEvents;
    private bool _hostsFromSip;

    /// <summary>Number of the call in this process: short, and safe in a URL.</summary>
    public long Id { get; } = id;

    public string CallId { get; } = callId;

    public LinkedListNode<Call>? Age { get; set; }

    /// <summary>The store's version when it last changed.</summary>
    public long Version { get; set; }

    public IReadOnlyList<StoredPacket> Packets => _packets;

    public long Bytes => Overhead + _packetBytes + Uuids.Bytes + Aliases.Bytes + Addresses.Bytes;

    public long Dropped { get; private set; }

    public long First { get; private set; } = long.MaxValue;

    public long Last { get; private set; }

    public long? AnsweredAt { get; private set; }

    public long? EndedAt { get; private set; }

    public string From { get; private set; } = string.Empty;

    public string To { get; private set; } = string.Empty;

    public string Cause { get; private set; } = string.Empty;

    public CallState State { get; private set; }

    public DialogKind Kind { get; private set; }

    public double? Mos { get; private set; }

    public double? LossPercent => _loss.Percent;

    public QualityLevel Level => MediaQuality.Level(Mos, LossPercent);

    /// <summary>Microseconds from answer to end, or to the last packet while it goes on; null if it was never answered.</summary>
    public long? Duration => AnsweredAt is long answered ? Math.Max(0, (EndedAt ?? Last) - answered) : null;

    /// <summary>The channels' own UUIDs.</summary>
    public BoundedNames Uuids { get; } = new();

    /// <summary>What joins legs: own UUIDs and Call-ID, the other leg's UUID, X-CID.</summary>
    public BoundedNames Aliases { get; } = new();

    /// <summary>Sender and receiver of the first SIP message, else of the first report: the hosts that this leg runs between.</summary>
    public (HepAddress Source, HepAddress Destination)? Hosts { get; private set; }

    /// <summary>All addresses as text, for the search.</summary>
    public BoundedNames Addresses { get; } = new();

    /// <summary>Keeps a packet, and lets it change what is known.</summary>
    public void Add(byte[] bytes, in HepPacket packet, SipMessage? sip, PacketTime at, CallStoreOptions options)
    {
        long time = at.Microseconds;
        First = Math.Min(First, time);
        Last = Math.Max(Last, time);
        NoteHosts(packet, sip is not null);
        if (sip is not null)
        {
            Observe(sip, time);
        }
        else
        {
            ObserveReport(packet, time);
        }

        StoredPacket stored = new(_nextNumber++, time, at.IsArrival, packet.PayloadType, bytes);
        _packets.Add(stored);
        _packetBytes += stored.Cost;
        while (_packets.Count > 1 && (_packets.Count > options.MaxPacketsPerCall || _packetBytes > options.MaxBytesPerCall))
        {
            int leaves = _packets.Count > KeptBeginning + 1 ? KeptBeginning : 0;
            _packetBytes -= _packets[leaves].Cost;
            _packets.RemoveAt(leaves);
            Dropped++;
        }
    }

    private void NoteHosts(in HepPacket packet, bool isSip)
    {
        bool between = !packet.Source.Equals(packet.Destination) && !packet.Source.IsUnspecified && !packet.Destination.IsUnspecified;
        if (between && (Hosts is null || (isSip && !_hostsFromSip)))
        {
            Hosts = (packet.Source, packet.Destination);
            _hostsFromSip = isSip;
        }

        if (Addresses.All.Count < BoundedNames.MaxNames)
        {
            Addresses.Add(HostNames.Of(packet.Source));
            Addresses.Add(HostNames.Of(packet.Destination));
        }
    }

    private void Observe(SipMessage sip, long time)
    {
        Aliases.Add(sip.CrossCallId);
        if (sip.IsRequest)
        {
            if (State == CallState.Unknown && Aliases.All.Count <= 1)
            {
                Kind = KindOf(sip.Method);
            }

            if (!_partiesFromEvents && From.Length == 0)
            {
                From = sip.From;
                To = sip.To;
            }

            if (sip.Method == "INVITE")
            {
                Kind = DialogKind.Call;
                Advance(CallState.Calling, time);
            }
            else if (sip.Method == "CANCEL")
            {
                Advance(CallState.Cancelled, time);
            }
            else if (sip.Method == "BYE")
            {
                Advance(CallState.Ended, time);
            }

            return;
        }

        if (sip.Method == "REGISTER" && sip.Status is not (401 or 407))
        {
            Cause = $"{sip.Status} {sip.Reason}";
            State = sip.Status < 300 ? CallState.Answered : CallState.Failed;
        }
        else if (sip.Method == "INVITE")
        {
            ObserveAnswer(sip, time);
        }
    }

    private void ObserveAnswer(SipMessage sip, long time)
    {
        switch (sip.Status)
        {
            case 180 or 183:
                Advance(CallState.Ringing, time);
                break;
            case >= 200 and < 300:
                Advance(CallState.Answered, time);
                break;
            case 487:
                Advance(CallState.Cancelled, time);
                break;
            case >= 300 and not (401 or 407 or 491) when AnsweredAt is null:
                Cause = Cause.Length == 0 || Cause == NormalClearing ? $"{sip.Status} {sip.Reason}" : Cause;
                Advance(CallState.Failed, time);
                break;
        }
    }

    private void ObserveReport(in HepPacket packet, long time)
    {
        switch (packet.PayloadType)
        {
            case HepPayloadType.Log when CallLogLine.TryParse(packet.Payload, out CallLogLine line):
                Observe(line, time);
                break;
            case HepPayloadType.Log when State == CallState.Unknown && RegistrationLine.TryParse(packet.Payload, out RegistrationLine registration):
                Kind = DialogKind.Registration;
                From = From.Length == 0 ? registration.User : From;
                Cause = registration.What;
                State = registration.Refused ? CallState.Failed : CallState.Answered;
                break;
            case HepPayloadType.Rtcp when RtcpReport.TryParse(packet.Payload, out RtcpReport rtcp):
                _loss.Observe(packet.Source, packet.SourcePort, rtcp);
                break;
            case HepPayloadType.MosFull or HepPayloadType.MosShort or HepPayloadType.Report when QosReport.TryParse(packet.Payload, out QosReport qos):
                Mos = qos.Mos is null || Mos < qos.Mos ? Mos : qos.Mos;
                _loss.Observe(qos);
                break;
        }
    }

    private void Observe(CallLogLine line, long time)
    {
        Kind = DialogKind.Call;
        if (Uuids.Add(line.Uuid))
        {
            Aliases.Add(line.Uuid);
        }

        Aliases.Add(line.Other);
        if (!_partiesFromEvents && line.From.Length + line.To.Length > 0)
        {
            // The switch's own idea of the numbers; SIP may only have user names.
            (From, To, _partiesFromEvents) = (line.From, line.To, true);
        }

        switch (line.State)
        {
            case "CREATE":
                Advance(CallState.Calling, time);
                break;
            case "PROGRESS" or "PROGRESS_MEDIA":
                Advance(CallState.Ringing, time);
                break;
            case "ANSWER":
                Advance(CallState.Answered, time);
                break;
            case "HANGUP" or "HANGUP_COMPLETE":
                Cause = line.Cause.Length > 0 && (line.Cause != NormalClearing || Cause.Length == 0) ? line.Cause : Cause;
                bool gaveUp = line.Cause is "ORIGINATOR_CANCEL" or "LOSE_RACE";
                Advance(AnsweredAt is not null ? CallState.Ended : gaveUp ? CallState.Cancelled : CallState.Failed, time);
                break;
        }
    }

    private void Advance(CallState state, long time)
    {
        if (state == CallState.Answered)
        {
            AnsweredAt = AnsweredAt is long before ? Math.Min(before, time) : time;
        }

        if (state >= CallState.Ended)
        {
            EndedAt = EndedAt is long before ? Math.Min(before, time) : time;
        }

        State = state > State ? state : State;
    }

    private static DialogKind KindOf(string method) => method switch
    {
        "REGISTER" => DialogKind.Registration,
        "INVITE" or "ACK" or "BYE" or "CANCEL" or "PRACK" or "UPDATE" or "REFER" or "INFO" => DialogKind.Call,
        _ => DialogKind.Other,
    };
}
