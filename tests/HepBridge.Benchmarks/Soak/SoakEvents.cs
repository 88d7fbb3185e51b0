using System.Globalization;
using System.Text;

namespace HepBridge.Benchmarks.Soak;

/// <summary>Writes events as the event socket sends them: <c>Content-Length</c>, <c>Content-Type</c>, header lines.</summary>
internal sealed class SoakEvents
{
    private const string Sdp =
        "v%3D0%0D%0Ao%3D-%201%201%20IN%20IP4%2010.9.0.1%0D%0As%3D-%0D%0Ac%3DIN%20IP4%2010.9.0.1%0D%0At%3D0%200%0D%0A"
        + "m%3Daudio%2020000%20RTP/AVP%200%20101%0D%0Aa%3Drtpmap%3A0%20PCMU/8000%0D%0A";

    private readonly StringBuilder _text = new();
    private long _sequence;

    /// <summary>The running switch; another one after a restart.</summary>
    public string CoreUuid { get; set; } = "";

    /// <summary>Error of the switch's clock.</summary>
    public TimeSpan ClockError { get; set; }

    /// <summary>An event about the switch itself.</summary>
    public byte[] OfSwitch(string name, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        Begin(name);
        Add(headers);
        return Frame();
    }

    /// <summary>An event of a leg: with its variables, like a channel's events, or without, like RTCP.</summary>
    public byte[] OfLeg(string name, SoakLeg leg, bool withVariables, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        Begin(name);
        Body(leg, withVariables);
        Add(headers);
        return Frame();
    }

    /// <summary>The answer to <c>uuid_dump</c>.</summary>
    public byte[] Dump(SoakLeg leg)
    {
        Begin("CHANNEL_DATA");
        Body(leg, withVariables: true);
        return Encoding.ASCII.GetBytes(_text.Append('\n').ToString());
    }

    /// <summary>A line of the switch's log.</summary>
    public static byte[] LogLine(SoakLeg leg)
    {
        string body = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss.ffffff} 98.50% [NOTICE] sofia.c:7000 Something about sofia/internal/{leg.Number}\n");
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"Content-Type: log/data\nContent-Length: {body.Length}\nLog-Level: 5\nText-Channel: 3\nLog-File: sofia.c\nLog-Func: f\nLog-Line: 7000\nUser-Data: {leg.Id}\n\n{body}"));
    }

    /// <summary>A frame that is not an event: it has no name.</summary>
    public byte[] Malformed()
    {
        _text.Clear().Append("Core-UUID: ").Append(CoreUuid).Append("\nEvent-Subclass: none\n");
        return Frame();
    }

    private void Begin(string name)
    {
        DateTime now = DateTime.UtcNow + ClockError;
        long microseconds = (now.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        _text.Clear().Append(
            CultureInfo.InvariantCulture,
            $"""
            Event-Name: {name}
            Core-UUID: {CoreUuid}
            FreeSWITCH-Hostname: soak
            FreeSWITCH-Switchname: soak
            FreeSWITCH-IPv4: 10.9.0.1
            FreeSWITCH-IPv6: %3A%3A1
            Event-Date-Local: {now:yyyy-MM-dd}%20{now:HH}%3A{now:mm}%3A{now:ss}
            Event-Date-Timestamp: {microseconds}
            Event-Calling-File: soak.c
            Event-Sequence: {++_sequence}

            """);
    }

    private void Body(SoakLeg leg, bool withVariables)
    {
        _text.Append("Unique-ID: ").Append(leg.Id).Append('\n');
        if (!withVariables)
        {
            return;
        }

        string direction = leg.Origin is null ? "inbound" : "outbound";
        _text.Append(
            CultureInfo.InvariantCulture,
            $"""
            Channel-State: CS_EXECUTE
            Channel-Name: sofia/internal/{leg.Number}%4010.9.0.1
            Call-Direction: {direction}
            Presence-Call-Direction: {direction}
            Caller-Caller-ID-Number: {leg.Number}
            Caller-Destination-Number: {leg.Number + 1}
            Caller-Channel-Name: sofia/internal/{leg.Number}
            variable_direction: {direction}
            variable_uuid: {leg.Id}
            variable_sip_network_ip: 10.9.0.77

            """);
        if (leg.Origin is { } origin)
        {
            _text.Append("variable_originator: ").Append(origin.Id).Append("\nOther-Type: originator\nOther-Leg-Unique-ID: ").Append(origin.Id).Append('\n');
        }

        if (leg.HasCallId)
        {
            _text.Append("variable_sip_call_id: ").Append(leg.CallId).Append('\n');
        }

        if (leg.State >= 2)
        {
            _text.Append(
                CultureInfo.InvariantCulture,
                $"""
                variable_local_media_ip: 10.9.0.1
                variable_local_media_port: 20000
                variable_remote_media_ip: 10.9.0.77
                variable_remote_media_port: {10_000 + (leg.Number % 20_000 * 2)}
                variable_rtp_local_sdp_str: {Sdp}
                variable_switch_r_sdp: {Sdp}
                variable_rtp_use_codec_name: PCMU
                variable_rtp_audio_in_media_packet_count: 4711
                variable_rtp_audio_in_packet_count: 4711
                variable_rtp_audio_in_mos: 4.50

                """);
        }
    }

    private void Add(ReadOnlySpan<(string Name, string Value)> headers)
    {
        foreach ((string name, string value) in headers)
        {
            _text.Append(name).Append(": ").Append(value).Append('\n');
        }
    }

    private byte[] Frame()
    {
        _text.Append('\n');
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {_text.Length}\nContent-Type: text/event-plain\n\n{_text}"));
    }
}
