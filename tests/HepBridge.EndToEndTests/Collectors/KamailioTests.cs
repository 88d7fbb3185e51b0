using System.Globalization;
using System.Text.Json;
using HepBridge.Hep;
using HepBridge.Tests.Pipeline;
using Npgsql;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>The contents of Kamailio's database after the recorded calls, compared with the endpoints and the wire.</summary>
public sealed class KamailioTests(CollectedSession session) : IClassFixture<CollectedSession>
{
    private const int Sip = 1;
    private const int Rtcp = 5;
    private const int Qos = 99;
    private const int Log = 100;

    /// <summary>Resolution of the switch's event clock, in µs.</summary>
    private const long Tick = 20_000;

    private static readonly string[] _logged =
    [
        "CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE", "CHANNEL_HOLD", "CHANNEL_UNHOLD", "DTMF",
        "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY",
    ];

    /// <summary>Every Call-ID of a call, including the rejected one, with the Unique-ID of its leg.</summary>
    private static Dictionary<string, string> Legs => RecordedEvents.CallIds.ToDictionary(static leg => leg.Value, static leg => leg.Key);

    [Theory]
    [InlineData("homer5")]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Each_leg_has_its_own_SIP_logs_RTCP_and_quality_report_and_no_others(string way)
    {
        await session.PlayedAsync();
        List<StoredPacket> stored = await session.ReadAsync(way);

        Assert.Equal(RecordedEvents.All.Select(static e => e.UniqueId).Where(RecordedEvents.CallIds.ContainsKey).Distinct().Count(), Legs.Count);
        Assert.Equal([.. CaptureTruth.Legs.Select(static leg => leg.CallId).OfType<string>().Append(CaptureTruth.RefusedCallId).Order()], Legs.Keys.Order());
        Assert.Equal(Legs.Keys.Order(), stored.Where(static packet => packet.Type != Sip).Select(static packet => packet.CallId).Distinct().Order());
        foreach ((string callId, string uniqueId) in Legs)
        {
            ILookup<int, StoredPacket> leg = stored.Where(packet => packet.CallId == callId).ToLookup(static packet => packet.Type);
            RecordedEvent[] events = [.. RecordedEvents.All.Where(e => e.UniqueId == uniqueId)];
            Assert.Equal(SwitchSip.Messages.Where(message => message.CallId == callId).OrderBy(static message => message.Time), leg[Sip]);
            Assert.Equal(
                events.Where(static e => _logged.Contains(e.Name)).Select(static e => (e.Time, e.Name.Replace("CHANNEL_", "", StringComparison.Ordinal))).Order(),
                leg[Log].Select(static log => (log.Time, log.Payload.Split(' ')[0])).Order());
            Assert.Equal(events.Where(static e => e.Name is "RECV_RTCP_MESSAGE" or "SEND_RTCP_MESSAGE").Select(static e => e.Time).Order(), leg[Rtcp].Select(static report => report.Time).Order());
            Assert.All(leg[Log], log => Assert.Contains($"callid={callId} ", log.Payload, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("homer5")]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Each_legs_figures_match_the_endpoints(string way)
    {
        await session.PlayedAsync();
        List<StoredPacket> stored = await session.ReadAsync(way);

        foreach (TrueLeg leg in CaptureTruth.Legs.Where(static leg => leg.CallId is not null))
        {
            int CountOf(int type, string beginning = "") => stored.Count(packet => packet.Type == type && packet.CallId == leg.CallId && packet.Payload.StartsWith(beginning, StringComparison.Ordinal));
            Assert.Equal(leg.SipMessages, CountOf(Sip));
            Assert.Equal(leg.Events.GetValueOrDefault("RECV_RTCP_MESSAGE") + leg.Events.GetValueOrDefault("SEND_RTCP_MESSAGE"), CountOf(Rtcp));
            Assert.Equal(leg.Mos is null ? 0 : 1, CountOf(Qos));
            foreach (string name in _logged.Except(["CHANNEL_UNBRIDGE", "CHANNEL_HOLD", "CHANNEL_UNHOLD"]))
            {
                Assert.Equal(leg.Events.GetValueOrDefault(name), CountOf(Log, $"{name.Replace("CHANNEL_", "", StringComparison.Ordinal)} "));
            }
        }

        // Busy, canceled and rejected: no media, so neither RTCP nor quality reports.
        string[] silent = [.. CaptureTruth.Legs.Where(static leg => leg.Mos is null).Select(static leg => leg.CallId).OfType<string>()];
        Assert.Equal(8, silent.Length);
        Assert.DoesNotContain(stored, packet => packet.Type is Rtcp or Qos && silent.Contains(packet.CallId));
    }

    [Theory]
    [InlineData("homer5")]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Times_and_addresses_match_the_wire(string way)
    {
        await session.PlayedAsync();
        List<StoredPacket> stored = await session.ReadAsync(way);

        ILookup<(string, string, string, uint), WireRtcp> wire = CaptureTruth.Rtcp.ToLookup(
            static packet => (packet.CallId, packet.Source, packet.Destination, uint.Parse(packet.Report.GetProperty("ssrc").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        foreach (StoredPacket report in stored.Where(static packet => packet.Type == Rtcp))
        {
            JsonElement json = JsonDocument.Parse(report.Payload).RootElement;
            Assert.Contains(wire[(report.CallId, Bare(report.Source), Bare(report.Destination), json.GetProperty("ssrc").GetUInt32())], packet => IsSame(packet, json, report.Time));
        }

        foreach (StoredPacket report in stored.Where(static packet => packet.Type == Qos))
        {
            TrueLeg leg = CaptureTruth.Legs.Single(leg => leg.CallId == report.CallId);
            JsonElement json = JsonDocument.Parse(report.Payload).RootElement;
            Assert.Equal(leg.Mos, json.GetProperty("MOS").GetDouble().ToString("0.00", CultureInfo.InvariantCulture));
            Assert.Equal(report.CallId, json.GetProperty("CORRELATION_ID").GetString());
            Assert.Equal(Legs[report.CallId], json.GetProperty("UUID").GetString());
            Assert.Equal(RecordedEvents.All.Single(e => e.UniqueId == leg.UniqueId && e.Name == "CHANNEL_HANGUP_COMPLETE").Time, report.Time);
            if (leg.PeerMedia is not null)
            {
                Assert.Equal((leg.PeerMedia, leg.SwitchMedia), (report.Source, report.Destination));
            }
        }

        // A log line comes from the switch: its SIP address, no port.
        foreach (StoredPacket log in stored.Where(static packet => packet.Type == Log))
        {
            string own = log.CallId.EndsWith("@fd99::2", StringComparison.Ordinal) ? "[fd99::1]:0" : "10.99.0.1:0";
            Assert.Equal((own, own), (log.Source, log.Destination));
        }

        // All packets of a call are within the time of its SIP, give or take a tick of the switch.
        foreach (IGrouping<string, StoredPacket> call in stored.Where(static packet => packet.Type is Log or Qos).GroupBy(static packet => packet.CallId))
        {
            long[] sip = [.. SwitchSip.Messages.Where(message => message.CallId == call.Key).Select(static message => message.Time)];
            Assert.All(call, packet => Assert.InRange(packet.Time, sip.Min() - Tick, sip.Max() + (2 * Tick)));
        }
    }

    [Fact]
    public async Task Quality_reports_of_type_35_arrive_with_every_chunk_as_sent()
    {
        await session.PlayedAsync();
        List<(string CallId, string Key, int Family, int Protocol, string Payload)> reports = [];
        await using NpgsqlDataReader row = await session.EveryType.Database.CreateCommand(
            $"select correlation_id, auth_key, family, protocol, convert_from(payload, 'UTF8') from hep_packet where type = 35 and capture_id = {CollectedSession.ReferenceAgent}").ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            reports.Add((row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetString(4)));
        }

        Assert.Equal(CaptureTruth.Legs.Where(static leg => leg.Mos is not null).Select(static leg => leg.CallId).Order(), reports.Select(static report => report.CallId).Order());
        Assert.All(reports, report =>
        {
            Assert.Equal(report.CallId, JsonDocument.Parse(report.Payload).RootElement.GetProperty("CORRELATION_ID").GetString());
            Assert.Equal(
                (CollectedSession.Key, report.CallId.EndsWith("@fd99::2", StringComparison.Ordinal) ? 10 : 2, 17), (report.Key, report.Family, report.Protocol));
        });
    }

    [Fact]
    public async Task Homer_5_accepts_quality_reports_of_type_99_only()
    {
        const int CaptureId = 2003;
        await session.PlayedAsync();
        byte[][] reports = [.. ((HepPayloadType[])[HepPayloadType.MosFull, HepPayloadType.MosShort, HepPayloadType.Report]).Select(static type => Report(type, CaptureId))];
        await SwitchSip.SendAsync(session.Homer5.Port, reports, static _ => Task.CompletedTask);

        // One worker reads them in order: once the last one is stored, the others have been rejected.
        await session.Homer5.CountsAsync(1, $"select count(*) from captured where node = 'kam:{CaptureId}' and type = 99");
        await session.Homer5.CountsAsync(1, $"select count(*) from captured where node = 'kam:{CaptureId}'");
    }

    [Fact]
    public async Task A_collector_with_an_untrusted_certificate_gets_no_packet()
    {
        await session.PlayedAsync();
        await session.EveryType.CountsAsync(0, $"select count(*) from hep_packet where via = 'tls' and capture_id = {CollectedSession.ReferenceAgent}");
        Assert.Contains(session.ReferenceLog, static line => line.Contains("tls localhost", StringComparison.Ordinal) && line.Contains("certificate", StringComparison.Ordinal));
    }

    private static byte[] Report(HepPayloadType type, uint captureId)
    {
        byte[] packet = new byte[1000];
        Assert.True(HepEncoder.TryEncode(
            new HepPacket
            {
                Source = HepAddress.FromIPv4(0x0a090909),
                Destination = HepAddress.FromIPv4(0x0a09090a),
                Seconds = 1_795_305_306,
                PayloadType = type,
                CaptureId = captureId,
                CorrelationId = "one more"u8,
                Payload = """{"MOS":4.5}"""u8,
            },
            packet,
            out int length));
        return packet[..length];
    }

    /// <summary>An endpoint as in the wire's record, IPv6 without brackets.</summary>
    private static string Bare(string end) => end.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    /// <summary>The same report, and its event not before it; events follow about 15 ms later, once in the recording 5.5 s.</summary>
    private static bool IsSame(WireRtcp wire, JsonElement json, long time)
    {
        JsonElement seen = wire.Report;
        double late = (time / 1e6) - wire.Time;
        return late is > -0.02 and < 6
            && seen.GetProperty("pt").GetInt32() == json.GetProperty("type").GetInt32()
            && seen.GetProperty("blocks").EnumerateArray().Select(static block => block.GetProperty("highest_seq").GetUInt32())
                .SequenceEqual(json.GetProperty("report_blocks").EnumerateArray().Select(static block => block.GetProperty("highest_seq_no").GetUInt32()));
    }
}
