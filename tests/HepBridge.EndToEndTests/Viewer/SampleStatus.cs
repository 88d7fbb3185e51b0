using HepBridge.Collector.Web;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>A working agent: one collector is fine, the other is unreachable.</summary>
internal sealed class SampleStatus : IStatusSource
{
    private static readonly DateTimeOffset _started = new(2026, 11, 21, 23, 50, 0, TimeSpan.Zero);

    public AgentStatus Read() => new(
        "1.0.0",
        _started,
        "raw",
        182.4,
        96.2,
        151_200,
        214,
        3,
        [
            new InputStatus("esl 10.99.0.1:8021", "connected", true, 120_344, 150.1),
            new InputStatus("multicast 225.1.1.1:4242", "hearing 2 peers", true, 88_120, 32.3),
            new InputStatus("esl 10.99.0.7:8021", "wrong password", false, 0, 0, "The switch refused ESL_PASS: see event_socket.conf.xml there."),
        ],
        [
            new OutputStatus("udp 192.0.2.7:9060", "sending", true, 90_000, 89_990, 10, 0, 0, 16 << 20, 0, null, 96.2),
            new OutputStatus("tls homer.example.net:9061", "reconnecting in 8 s", false, 90_000, 61_000, 0, 21_000, 13 << 20, 16 << 20, 8_000, 5_200_000, 0, "Connection refused."),
        ],
        [
            new DropStatus("udp 192.0.2.7:9060", "Refused", 10, "The collector's port is closed. Check that it runs, and HEP_SERVER and HEP_PORT."),
            new DropStatus("events without a Call-ID", "HoldExpired", 41, "No SIP response came within hold_time. Raise hold_time if your calls take longer to get their first response."),
        ],
        [
            new PeerStatus("fs-alpha", "10.99.0.1", true, _started.AddMinutes(8), 54_000, TimeSpan.FromMilliseconds(12)),
            new PeerStatus("fs-bravo", "10.99.0.2", false, _started.AddMinutes(2), 34_120, TimeSpan.FromSeconds(-95)),
        ],
        [new RegistrationStatus("1000@10.99.0.1", "sip:1000@10.99.0.11:5060", "fs-alpha", "registered", _started.AddMinutes(1), _started.AddMinutes(61))]);
}
