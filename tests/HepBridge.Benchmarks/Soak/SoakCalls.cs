using System.Globalization;

namespace HepBridge.Benchmarks.Soak;

/// <summary>
/// Activity on the simulated switch, one event at a time: two-leg calls, some without a beginning, some without an end,
/// some endless, some with a reused UUID; RTCP, registrations, log lines, and occasionally something that is not an
/// event.
/// </summary>
internal sealed class SoakCalls(SoakOptions options)
{
    private const int KeptIds = 1_000;

    // Few enough that each has registered before the warm-up ends: the table of users is then complete.
    private const int Users = 200;

    private readonly Random _dice = new(options.Seed);
    private readonly SoakEvents _events = new();
    private readonly List<SoakLeg> _legs = [];
    private readonly Queue<string> _usedIds = [];
    private int _numbers;

    /// <summary>Legs on the switch.</summary>
    public IReadOnlyList<SoakLeg> Legs => _legs;

    /// <summary>Error of the switch's clock.</summary>
    public TimeSpan ClockError
    {
        set => _events.ClockError = value;
    }

    /// <summary>Restarts the switch: another Core-UUID, no calls.</summary>
    public void Restart()
    {
        _events.CoreUuid = NewId();
        _legs.Clear();
    }

    public byte[] Heartbeat() => _events.OfSwitch(
        "HEARTBEAT", ("Event-Info", "System%20Ready"), ("Session-Count", _legs.Count.ToString(CultureInfo.InvariantCulture)), ("Uptime-msec", "1000"));

    public byte[] Dump(SoakLeg leg) => _events.Dump(leg);

    /// <summary>The next event, as a whole frame.</summary>
    public byte[] Next()
    {
        switch (_dice.Next(1_000))
        {
            case 0:
                return _events.Malformed();
            case < 5:
                return Registration();
        }

        if (_legs.Count == 0 || (_legs.Count < options.Live && OneIn(4)) || OneIn(40))
        {
            return Begin();
        }

        int index = _dice.Next(_legs.Count);
        SoakLeg leg = _legs[index];
        if (leg.IsSilent)
        {
            return _events.OfSwitch("PRESENCE_IN", ("proto", "sip"));
        }

        return leg.State < 3 ? Advance(leg) : OneIn(_legs.Count > options.Live ? 4 : 12) && !leg.IsEndless ? End(index) : Talk(leg);
    }

    private bool OneIn(int times) => _dice.Next(times) == 0;

    private byte[] Begin()
    {
        SoakLeg? origin = OneIn(2) && _legs.Count > 0 ? _legs[_dice.Next(_legs.Count)] : null;
        bool isEndless = OneIn(200);
        SoakLeg leg = new()
        {
            Id = _usedIds.Count > 0 && OneIn(20) ? _usedIds.Dequeue() : NewId(),
            CallId = string.Create(CultureInfo.InvariantCulture, $"{_dice.NextInt64():x16}%40soak"),
            Number = 1_000 + (_numbers++ % 5_000_000),
            Origin = origin,
            IsEndless = isEndless,
            HasCallId = origin is null,
        };
        _legs.Add(leg);

        // One CREATE in fifty is lost.
        return OneIn(50) ? Heartbeat() : _events.OfLeg("CHANNEL_CREATE", leg, withVariables: true);
    }

    private byte[] Advance(SoakLeg leg)
    {
        leg.State++;

        // One outbound leg in thirty never gets a SIP answer: its events are held until they are dropped.
        leg.HasCallId |= leg.State >= 1 && leg.Number % 30 != 0;
        leg.IsSilent = leg.IsEndless && leg.State == 3 && leg.Number % 2 == 0;
        return _events.OfLeg(leg.State switch { 1 => "CHANNEL_PROGRESS", 2 => "CHANNEL_ANSWER", _ => "CHANNEL_BRIDGE" }, leg, withVariables: true);
    }

    private byte[] Talk(SoakLeg leg)
    {
        switch (_dice.Next(40))
        {
            case 0:
                return SoakEvents.LogLine(leg);
            case 1:
                return _events.OfLeg("CHANNEL_CALLSTATE", leg, withVariables: true);
        }

        bool isSent = OneIn(2);
        string lost = _dice.Next(100).ToString(CultureInfo.InvariantCulture);
        return _events.OfLeg(
            isSent ? "SEND_RTCP_MESSAGE" : "RECV_RTCP_MESSAGE", leg, withVariables: false,
            ("SSRC", $"{leg.Number:x8}"), ("NTP-Most-Significant-Word", "3973291458"), ("NTP-Least-Significant-Word", $"{(uint)_dice.NextInt64()}"), ("RTP-Timestamp", "1600"),
            ("Sender-Packet-Count", "500"), ("Octect-Packet-Count", "80000"), ("Last-RPT-TS", "1"), ("RTP-Rate", "8000"), ("Capture-Time", "1795305362239095"),
            ("Source0-SSRC", $"{leg.Number + 1:x8}"), ("Source0-Fraction", "0"), ("Source0-Lost", lost), ("Source0-Highest-Sequence-Number-Received", "1200"),
            ("Source0-Jitter", "7"), ("Source0-LSR", "0"), ("Source0-DLSR", "0"));
    }

    private byte[] End(int index)
    {
        SoakLeg leg = _legs[index];
        leg.State++;
        if (leg.State == 4 && !OneIn(50))
        {
            return _events.OfLeg("CHANNEL_HANGUP_COMPLETE", leg, withVariables: true, ("Hangup-Cause", "NORMAL_CLEARING"), ("variable_hangup_cause", "NORMAL_CLEARING"));
        }

        _legs[index] = _legs[^1];
        _legs.RemoveAt(_legs.Count - 1);
        _usedIds.Enqueue(leg.Id);
        if (_usedIds.Count > KeptIds)
        {
            _usedIds.Dequeue();
        }

        // One DESTROY in fifty is lost: that leg has to time out.
        return OneIn(50) ? Heartbeat() : _events.OfLeg("CHANNEL_DESTROY", leg, withVariables: true, ("Hangup-Cause", "NORMAL_CLEARING"));
    }

    private byte[] Registration()
    {
        string user = _dice.Next(Users).ToString(CultureInfo.InvariantCulture);
        return _events.OfSwitch(
            "CUSTOM", ("Event-Subclass", "sofia%3A%3Aregister"), ("profile-name", "internal"), ("from-user", user), ("from-host", "soak"),
            ("contact", $"sip%3A{user}%4010.9.0.77%3A{5_000 + _dice.Next(1_000)}"),
            ("call-id", $"reg-{user}%40soak"), ("status", "Registered(UDP)"), ("expires", "60"),
            ("network-ip", "10.9.0.77"), ("network-port", "5060"), ("user-agent", "soak"));
    }

    private string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _dice.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
