using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Hosting;

/// <summary>
/// Plays one made-up call through a pipeline of its own, to no output, while the real inputs connect: so the code of the hot path is compiled
/// before the first event, which would otherwise wait for it, and with it all that come in those moments.
/// </summary>
internal static class Rehearsal
{
    // A precompiled method is compiled anew, for this processor, when it has been called 30 times.
    private const int Rounds = 40;

    private const string Base =
        "Core-UUID: 00000000-0000-0000-0000-000000000000\nFreeSWITCH-Switchname: rehearsal\nFreeSWITCH-IPv4: 192.0.2.1\n"
        + "Event-Date-Local: 2026-01-01%2000%3A00%3A00\nEvent-Date-Timestamp: 1767225600000000\nEvent-Sequence: 1\n";

    private const string Channel =
        "Channel-Name: sofia/internal/1000%40192.0.2.2\nCall-Direction: inbound\nCaller-Caller-ID-Number: 1000\nCaller-Destination-Number: 1001\n"
        + "Other-Type: originatee\nOther-Leg-Unique-ID: b\nOther-Leg-Channel-Name: sofia/internal/1001%40192.0.2.3\n";

    private const string Media =
        "variable_sip_call_id: rehearsal%40192.0.2.2\nvariable_sip_local_network_addr: 192.0.2.1\nvariable_local_media_ip: 192.0.2.1\n"
        + "variable_local_media_port: 20000\nvariable_remote_media_ip: 192.0.2.2\nvariable_remote_media_port: 30000\nvariable_rtp_use_ssrc: 1\n"
        + "variable_rtp_use_codec_name: PCMU\nvariable_rtp_use_codec_rate: 8000\n"
        + "variable_switch_r_sdp: v%3D0%0D%0Am%3Daudio%2030000%20RTP/AVP%200%0D%0Aa%3Drtcp-mux%0D%0A\n";

    private const string Sender =
        "SSRC: 00000002\nNTP-Most-Significant-Word: 1\nNTP-Least-Significant-Word: 2\nRTP-Timestamp: 3\nSender-Packet-Count: 4\nOctect-Packet-Count: 5\n";

    private const string Block =
        "-SSRC: 00000001\n{0}-Fraction: 0\n{0}-Lost: 0\n{0}-Highest-Sequence-Number-Received: 6\n{0}-Jitter: 7\n{0}-LSR: 8\n{0}-DLSR: 9\n";

    public static void Run()
    {
        var pipeline = new EventPipeline(new CallOptions(), TimeProvider.System, NullLogger<EventPipeline>.Instance);
        var input = new InputBinding("rehearsal", new ReportPlan(new ReportOptions()));
        var parser = new EventParser();
        lock (pipeline.Gate)
        {
            byte[][] events = [.. Events().Select(Encoding.ASCII.GetBytes)];
            for (int round = 0; round < Rounds; round++)
            {
                foreach (byte[] text in events)
                {
                    if (parser.TryParse(text, EventEncoding.Plain, out FreeSwitchEvent e, out _))
                    {
                        pipeline.Process(e, input);
                    }
                }

                pipeline.EndBatch();
                pipeline.Tick();
            }
        }
    }

    private static IEnumerable<string> Events()
    {
        // An outbound leg whose events wait, an inbound one with all of a call.
        yield return Of("CHANNEL_CREATE", "b", "Channel-Name: sofia/internal/1001%40192.0.2.3\nCall-Direction: outbound\n");
        yield return Of("CHANNEL_PROGRESS", "b", "Channel-Name: sofia/internal/1001%40192.0.2.3\nvariable_sip_call_id: b%40192.0.2.1\nvariable_originator: a\n");
        foreach (string name in (string[])["CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_BRIDGE"])
        {
            yield return Of(name, "a", Channel + Media);
        }

        yield return Of("DTMF", "a", Channel + "DTMF-Digit: %23\nDTMF-Duration: 1\n");
        yield return Of("RECV_RTCP_MESSAGE", "a", Sender + "RTP-Rate: 8000\nSource0" + Block.Replace("{0}", "Source0", StringComparison.Ordinal));
        yield return Of("SEND_RTCP_MESSAGE", "a", Sender + "Source" + Block.Replace("{0}", "Source", StringComparison.Ordinal));
        string figures = "Hangup-Cause: NORMAL_CLEARING\nvariable_rtp_audio_in_packet_count: 1\nvariable_rtp_audio_in_media_packet_count: 1\nvariable_rtp_audio_in_mos: 4.50\n";
        yield return Of("CHANNEL_HANGUP_COMPLETE", "a", Channel + Media + figures);
        yield return Of("CHANNEL_DESTROY", "a", Channel + Media + figures);
        yield return Of("HEARTBEAT", "", "");
    }

    private static string Of(string name, string uniqueId, string headers) =>
        $"Event-Name: {name}\n{Base}{(uniqueId.Length == 0 ? "" : $"Unique-ID: {uniqueId}\n")}{headers}\n";
}
