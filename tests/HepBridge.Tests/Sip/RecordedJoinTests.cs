using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Reports;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Inputs.Packets;
using HepBridge.Tests.Multicast;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Sip;

/// <summary>Recorded calls with their SIP: whichever leg Homer 7 is asked for, it finds the legs next to it.</summary>
public sealed class RecordedJoinTests
{
    // Which legs belong together, from the endpoints' own logs: Call-IDs by their beginnings.
    private static readonly Dictionary<string, string[]> _calls = new()
    {
        ["session"] =
        [
            "c46b3a2e d1466807", "bba4695e d99ee2a8", "797926d4 d1dfb11f", "57427067 da37ac60", "aedd1767 d3a92858", "a4d43451 d277e834", "a533094e e15b6638",
            "a533094e e4ae2fd5", "c48d0956 e58a7800", "27ee1e46 dacff866", "eae3d75e ebcccde4",
        ],
        ["all"] = ["c091a48e 9e5e8d33", "c0599e49 9ef73daa"],
        ["psk"] = ["4c9ee27e 726dac89", "448c7c05 73066b67", "00037d41 739f0298", "e98af4c6 74d00507", "e378dcb1 7ac2ce20", "e378dcb1 7e14c07c"],
        ["ipv6"] = ["e7647c8f b33013db", "a5b8f5a4 b3ca1f37"],
    };

    public static TheoryData<string, int, bool> Cases
    {
        get
        {
            TheoryData<string, int, bool> cases = new();
            foreach (string session in _calls.Keys)
            {
                foreach (int lag in (int[])[0, 5, 20, 40, 200])
                {
                    cases.Add(session, lag, true);
                    cases.Add(session, lag, false);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Either_leg_finds_both(string session, int lag, bool isRinging)
    {
        Played played = Play(session, lag, isRinging);
        HomerCalls homer = new(played.Output);
        foreach (string pair in _calls[session])
        {
            string[] legs = [.. pair.Split(' ').Select(prefix => homer.CallIds.Single(callId => callId.StartsWith(prefix, StringComparison.Ordinal)))];
            Assert.Contains(legs[1], homer.Find(legs[0]));
            Assert.Contains(legs[0], homer.Find(legs[1]));
        }

        // And nothing else: a leg finds no other call.
        Assert.All(homer.CallIds, callId => Assert.All(homer.Find(callId).Where(found => found != callId), found => Assert.Contains(_calls[session], pair =>
            pair.Split(' ') is [string one, string other] && ((callId.StartsWith(one, StringComparison.Ordinal) && found.StartsWith(other, StringComparison.Ordinal))
                || (callId.StartsWith(other, StringComparison.Ordinal) && found.StartsWith(one, StringComparison.Ordinal))))));
        Assert.InRange(played.LongestWait, 0, 500);
        Assert.Equal(played.Input.Count, played.Output.Count);
        AssertSameMessagesInOrder(played);
    }

    [Fact]
    public void Without_events_every_packet_passes_at_once_as_it_came()
    {
        Played played = Play("session", 1_000_000, true);
        Assert.Equal(played.Input, played.Output);
        Assert.Equal(0, played.LongestWait);
    }

    // Only the correlation id is new, and each leg's messages are in the order in which they came.
    private static void AssertSameMessagesInOrder(Played played)
    {
        ILookup<string, CollectedPacket> before = played.Input.Select(bytes => CollectedPacket.From(bytes) with { CallId = "" }).ToLookup(CallIdOf);
        ILookup<string, CollectedPacket> after = played.Output.Select(bytes => CollectedPacket.From(bytes) with { CallId = "" }).ToLookup(CallIdOf);
        Assert.All(before, leg => Assert.Equal(leg, after[leg.Key]));
    }

    private static string CallIdOf(CollectedPacket packet) => SipHead.TryRead(Encoding.UTF8.GetBytes(packet.Payload), out SipHead head) ? Encoding.UTF8.GetString(head.CallId) : "";

    private static Played Play(string session, int lag, bool isRinging)
    {
        List<(long Time, int Order, byte[] Bytes, bool IsSip)> items = [];
        foreach (byte[] packet in session == "session" ? SipCapture.Session : SipCapture.Read($"multicast/{session}.sip.hep.gz"))
        {
            CollectedPacket sip = CollectedPacket.From(packet);
            if (isRinging || !sip.Payload.StartsWith("SIP/2.0 18", StringComparison.Ordinal))
            {
                items.Add((sip.Microseconds, 0, packet, true));
            }
        }

        EventParser parser = new();
        byte[] events = session == "session" ? EslCapture.Read("esl-plain.bin.gz") : MulticastCaptures.Unpack($"{session}.esl.bin.gz");
        long last = 0;
        foreach ((byte[] bytes, EventEncoding encoding) in RecordedEvents.All(events).Where(recorded => recorded.Encoding == EventEncoding.Plain))
        {
            Assert.True(parser.TryParse(bytes, encoding, out FreeSwitchEvent e, out _));
            Assert.True(e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long time));
            last = Math.Max(last, time);
            if (isRinging || e.Kind is not (EventKind.ChannelProgress or EventKind.ChannelProgressMedia))
            {
                items.Add((last + (lag * 1_000L), 1, bytes, false));
            }
        }

        return new Player().Run([.. items.OrderBy(item => item.Time).ThenBy(item => item.Order)]);
    }

    private sealed record Played(IReadOnlyList<byte[]> Input, IReadOnlyList<byte[]> Output, double LongestWait);

    private sealed class Player
    {
        private readonly PipelineRig _rig = new();
        private readonly Dictionary<string, DateTimeOffset> _came = [];
        private double _longest;
        private int _seen;

        public Player()
        {
            _rig.Pipeline.JoinSip();
            _rig.Input.Plan = new ReportPlan(new ReportOptions
            {
                CallEvents = false,
                RtcpEvents = false,
                QosEvents = false,
                Packets = new PacketOptions { SipCorrelation = SipCorrelation.Joined },
            });
        }

        public Played Run(IReadOnlyList<(long Time, int Order, byte[] Bytes, bool IsSip)> items)
        {
            long now = items[0].Time;
            foreach ((long time, _, byte[] bytes, bool isSip) in items)
            {
                for (; now + 50_000 < time; now += 50_000)
                {
                    Advance(50_000);
                }

                Advance(time - now);
                now = time;
                lock (_rig.Pipeline.Gate)
                {
                    if (isSip)
                    {
                        _came[CollectedPacket.From(bytes).Payload] = _rig.Time.GetUtcNow();
                        _rig.Pipeline.ProcessPacket(bytes, PacketKind.Sip, _rig.Input);
                    }
                    else
                    {
                        _rig.Feed(bytes, EventEncoding.Plain);
                    }

                    _rig.Pipeline.EndBatch();
                }

                Note();
            }

            for (int i = 0; i < 10; i++)
            {
                Advance(50_000);
            }

            Assert.True(_rig.Pipeline.Counters.AreConserved);
            Assert.Equal(0, _rig.Pipeline.Counters.Held);
            return new Played([.. items.Where(item => item.IsSip).Select(item => item.Bytes)], _rig.Output.Bytes, _longest);
        }

        private void Advance(long microseconds)
        {
            _rig.Time.Advance(TimeSpan.FromMicroseconds(microseconds));
            lock (_rig.Pipeline.Gate)
            {
                _rig.Pipeline.ReleaseWaitingPackets();
            }

            Note();
        }

        private void Note()
        {
            for (; _seen < _rig.Packets.Count; _seen++)
            {
                _longest = Math.Max(_longest, (_rig.Time.GetUtcNow() - _came[_rig.Packets[_seen].Payload]).TotalMilliseconds);
            }
        }
    }
}
