using System.Text;
using System.Text.Json;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Masking;
using HepBridge.Outputs;
using HepBridge.Reports;
using HepBridge.Tests.Collector;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Masking;

/// <summary>Searches all output, packets of each report, the page, exports and the log at every level, for the secrets in events.</summary>
public class SecretsStayTests
{
    private static readonly string[] _secrets =
    [
        "SRTPKEY", "LOCLKEY", "ICEPASSWORD", "s3cret-dial", "s3cret-uri", "s3cret-set", "s3cret-log", "s3cret-digest", "5ec3e75ec3e75ec3", "s3cret-custom", "s3cret-cause",
        "s3cret-own", "czNjcmV0",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_secret_leaves_in_any_form(bool json)
    {
        string[] extra = ["CHANNEL_EXECUTE", "MY_OWN"];
        ReportOptions options = new()
        {
            CallFormat = json ? CallFormat.Json : CallFormat.Text,
            ExtraCallEvents = System.Collections.Frozen.FrozenSet.ToFrozenSet(extra),
            RegistrationEvents = true,
            CustomEvents = true,
            LogEvents = true,
            LogLevel = 7,
            CallHeaders = ["*"],
            CallHeadersInText = true,
        };
        PipelineRig rig = new PipelineRig(options).Feed(EslCases.Read("srtp-keys.bin"));
        const string Dial = "{sip_auth_username=1000,sip_auth_password=s3cret-dial, x}[sip_auth_password=s3cret-dial]sofia/external/bob:s3cret-uri@192.0.2.9";
        (string, string)[] all =
        [
            ("variable_sip_call_id", "a@x"), ("Application", "bridge"), ("Application-Data", Dial), ("variable_current_application_data", Dial), ("variable_my_dial", Dial),
            ("variable_export_vars", "x"), ("variable_sip_auth_password", "s3cret-own"), ("variable_sip_h_X-Note", "Authorization: Basic czNjcmV0"),
            ("Caller-Destination-Number", "sip:1001:s3cret-uri@h"), ("Caller-Caller-ID-Name", "password=s3cret-set"), ("Hangup-Cause", "token: s3cret-cause"),
            ("variable_sip_hangup_disposition", "{sip_auth_password=s3cret-cause}"), ("Other-Leg-Channel-Name", "sofia/external/bob:s3cret-uri@h"), ("Other-Leg-Unique-ID", "b"),
            ("Channel-Name", "sofia/external/bob:s3cret-uri@h"), ("variable_bad", "Digest username=\"u\", response=\"5ec3e75ec3e75ec3\""),
        ];
        foreach (string name in (string[])["CHANNEL_CREATE", "CHANNEL_EXECUTE", "CHANNEL_BRIDGE", "MY_OWN", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"])
        {
            rig.Feed(name, [("Unique-ID", "a"), .. all]);
        }

        rig.Feed("CHANNEL_EXECUTE", ("Unique-ID", "a"), ("Application", "set"), ("Application-Data", "sip_auth_password=s3cret-set, and s3cret-set"));
        rig.Feed("CUSTOM", [("Event-Subclass", "callcenter::info"), ("Unique-ID", "a"), ("CC-Note", "secret: s3cret-custom"), ("CC-Token", "s3cret-own")]);
        rig.Feed("CUSTOM", [("Event-Subclass", "sofia::register"), ("call-id", "r@x"), ("from-user", "1000"), ("contact", "<sip:1000:s3cret-uri@h>"), ("user-agent", "password=s3cret-custom")]);
        Log(rig, "SET sofia/internal/1000@h [sip_auth_password]=[s3cret-log s3cret-log]");
        Log(rig, "Proxy-Authorization: Digest username=\"1000\", nonce=\"n\", response=\"s3cret-digest\"");

        Assert.True(rig.Packets.Count > 10);
        Assert.All(rig.Packets, packet => AssertNone(packet.Payload));
        Assert.All(rig.Output.Bytes, bytes => AssertNone(Encoding.Latin1.GetString(bytes)));
        AssertNone(Page(rig.Output.Bytes));
        AssertNone(DebugLog(rig.Output.Bytes));

        // Text that is not secret is still there.
        Assert.Contains(rig.Packets, static packet => packet.Payload.Contains("sip_auth_username=1000", StringComparison.Ordinal));
        Assert.Contains(rig.Packets, static packet => packet.Payload.Contains("sofia/external/bob:", StringComparison.Ordinal));
    }

    [Fact]
    public void Ready_payloads_and_packets_of_other_agents_are_masked_and_stay_storable()
    {
        const string Sip = "REGISTER sip:h SIP/2.0\r\nCall-ID: a:b@h\r\nAuthorization: Digest username=\"u\", response=\"5ec3e75ec3e75ec3\"\r\n\r\na=ice-pwd:ICEPASSWORD\r\n";
        const string Janus = """{"type":64,"session_id":1,"event":{"plugin":"janus.plugin.x","data":{"room":1,"pin":"s3cret-pin","data":{"secret":"s3cret-own"},"sdp":"v=0\r\na=ice-pwd:ICEPASSWORD\r\n"}}}""";
        byte[] packet = new byte[2_000];
        Assert.True(HepEncoder.TryEncode(
            new HepPacket { Source = HepAddress.FromIPv4(1), Destination = HepAddress.FromIPv4(2), PayloadType = HepPayloadType.Sip, Seconds = 1, CorrelationId = (byte[])[(byte)'a', 0xc3, 0xff], Payload = [.. Encoding.UTF8.GetBytes(Sip), 0, 0xe9] },
            packet, out int length));
        PipelineRig rig = new(new ReportOptions { Packets = new PacketOptions { Mask = ValueMask.Default } });
        lock (rig.Pipeline.Gate)
        {
            rig.Pipeline.ProcessPacket(packet.AsSpan(0, length), PacketKind.Sip, rig.Input);
            foreach (PayloadForm form in Enum.GetValues<PayloadForm>())
            {
                ReadyPayload payload = new()
                {
                    Type = HepPayloadType.Log,
                    Kind = PacketKind.Log,
                    Form = form,
                    CallId = "a@x"u8,
                    Payload = form switch
                    {
                        PayloadForm.Json => """{"sip_auth_password":"s3cret-own"}"""u8,
                        PayloadForm.JanusLine or PayloadForm.JanusReceived or PayloadForm.JanusSent => Encoding.UTF8.GetBytes(Janus),
                        _ => Encoding.UTF8.GetBytes(Sip),
                    },
                    Tail = "; tag=x"u8,
                };
                rig.Pipeline.ProcessPayload(payload, rig.Input);
            }

            rig.Pipeline.EndBatch();
        }

        Assert.Equal(1 + Enum.GetValues<PayloadForm>().Length, rig.Packets.Count);
        Assert.Contains(rig.Packets, static collected => collected.Payload.StartsWith("X; room=1\nv=0\na=ice-pwd:***********; session=1", StringComparison.Ordinal));
        Assert.All(rig.Packets, static collected => AssertNone(collected.Payload));
        Assert.Equal(("a??", Encoding.UTF8.GetByteCount(Sip) + 2), (rig.Packets[0].CallId, rig.Packets[0].Payload.Length));
        Assert.Contains("Call-ID: a:b@h\r\nAuthorization: Digest username=\"u\", response=\"****************\"", rig.Packets[0].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_masks_what_other_agents_send()
    {
        PipelineRig rig = new(new ReportOptions { CallFormat = CallFormat.Json, Mask = ValueMask.Create([]), HideHeaders = [] });
        rig.Feed(EslCases.Read("srtp-keys.bin"));
        rig.Inbound("a", "a@x", ("variable_current_application_data", "{sip_auth_password=s3cret-dial}sofia/gateway/g/1"), ("Caller-Destination-Number", "sip:1:s3cret-uri@h"),
            ("variable_digits_dialed", "1"), ("Application-Data", "nolocal:sip_auth_password=s3cret-set"));
        Assert.Contains(rig.Packets, static packet => packet.Payload.Contains("SRTPKEY", StringComparison.Ordinal));

        AssertNone(Page(rig.Output.Bytes));
    }

    private static string Page(List<byte[]> packets)
    {
        CallStore store = new();
        StringBuilder everything = new();
        foreach (byte[] packet in packets)
        {
            store.Add(packet);
        }

        CallPage calls = ViewerPackets.Find(store);
        CallView view = ViewerPackets.View(store);
        Assert.NotEmpty(calls.Calls);
        everything.Append(JsonSerializer.Serialize(calls));
        foreach (CallRow call in calls.Calls)
        {
            everything.Append(JsonSerializer.Serialize(view.Detail(call.Id)));
            everything.Append(JsonSerializer.Serialize(view.ExportJson(call.Id)));
            everything.Append(Encoding.Latin1.GetString(view.ExportHep(call.Id)!));
            everything.Append(view.ExportText(call.Id));
            foreach (PacketRow packet in view.Detail(call.Id)!.Packets)
            {
                everything.Append(view.Packet(packet.Leg, packet.Number)!.Payload);
            }
        }

        return everything.ToString();
    }

    private static string DebugLog(List<byte[]> packets)
    {
        using KeptLog log = new();
        foreach (byte[] packet in packets)
        {
            PacketDebugLog.Write(log, packet);
        }

        Assert.NotEmpty(log.Lines);
        return string.Join('\n', log.Lines);
    }

    private static void Log(PipelineRig rig, string text)
    {
        string line = $"2026-11-21 23:55:00.000000 [NOTICE] x.c:1 {text}\n";
        rig.Feed(Encoding.UTF8.GetBytes($"Content-Type: log/data\nContent-Length: {line.Length}\nLog-Level: 5\nUser-Data: a\n\n{line}"), FreeSwitch.Events.EventEncoding.Log);
    }

    private static void AssertNone(string text) => Assert.All(_secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
}
