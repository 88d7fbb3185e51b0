using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace HepBridge.Replay;

/// <summary>The stand-in's replies to <c>api</c> commands: from the recording, at the current point of playback.</summary>
internal sealed class ReplayApi(Recording recording, TimeProvider time)
{
    private volatile Point _point = new(0, null);

    /// <summary>Sets the point that the latest playback has reached.</summary>
    public void MoveTo(int position, Playback playback) => _point = new Point(position, playback);

    public byte[] Execute(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["version", ..] => "FreeSWITCH Version 1.11.3-dev~64bit (replay of a recording)\n"u8.ToArray(),
            ["status", ..] => Encoding.UTF8.GetBytes($"FreeSWITCH (Version 1.11.3-dev  64bit) is ready\n{recording.Channels.At(_point.Position).Count()} session(s)\n"),
            ["strepoch"] => Number(time.GetUtcNow().ToUnixTimeSeconds()),
            ["strmicroepoch"] => Number((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond),
            ["global_getvar", "fire_rtcp_events"] => recording.Frames.Any(static frame => frame.Name == "SEND_RTCP_MESSAGE") ? "true"u8.ToArray() : [],
            ["global_getvar", ..] => [],
            ["xml_locate", "configuration", "configuration", "name", "sofia.conf"] => Encoding.UTF8.GetBytes(RecordedProfiles.ToXml(recording)),
            ["show", "channels", "as", "json", ..] => ShowChannels(),
            ["uuid_dump", string channel, ..] => Dump(channel),
            ["uuid_dump"] => "-USAGE: <uuid> [format]\n"u8.ToArray(),
            ["hostname", ..] => Encoding.UTF8.GetBytes(recording.HeaderOf(FirstEvent(), "FreeSWITCH-Hostname"u8)),
            [string first, ..] => Encoding.UTF8.GetBytes($"-ERR {first} Command not found!\n"),
            [] => "-ERR no reply\n"u8.ToArray(),
        };
    }

    private static byte[] Number(long value) => Encoding.ASCII.GetBytes($"{value}");

    private RecordedFrame FirstEvent() => recording.Frames.FirstOrDefault(static frame => !frame.IsLog, recording.Frames[0]);

    private byte[] ShowChannels()
    {
        Point point = _point;
        int[] last = [.. recording.Channels.At(point.Position).Select(channel => recording.Channels.LastOf(channel, point.Position))];
        RecordedFrame[] rows = [.. last.Where(static index => index >= 0).Select(index => recording.Frames[index])];
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("row_count"u8, rows.Length);
            if (rows.Length > 0)
            {
                writer.WriteStartArray("rows"u8);
                foreach (RecordedFrame row in rows)
                {
                    writer.WriteStartObject();
                    writer.WriteString("uuid"u8, recording.HeaderOf(row, "Unique-ID"u8));
                    writer.WriteString("direction"u8, recording.HeaderOf(row, "Call-Direction"u8));
                    writer.WriteString("name"u8, recording.HeaderOf(row, "Channel-Name"u8));
                    writer.WriteString("state"u8, recording.HeaderOf(row, "Channel-State"u8));
                    writer.WriteString("cid_num"u8, recording.HeaderOf(row, "Caller-Caller-ID-Number"u8));
                    writer.WriteString("dest"u8, recording.HeaderOf(row, "Caller-Destination-Number"u8));
                    writer.WriteString("callstate"u8, recording.HeaderOf(row, "Channel-Call-State"u8));
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    /// <summary>The channel's last event as CHANNEL_DATA, in plain format whatever the recording's.</summary>
    private byte[] Dump(string channel)
    {
        Point point = _point;
        int last = recording.Channels.LastOf(channel, point.Position);
        if (last < 0)
        {
            return "-ERR No such channel!\n"u8.ToArray();
        }

        RecordedFrame frame = recording.Frames[last];
        byte[] bytes = recording.Bytes.AsSpan(frame.Offset, frame.Length).ToArray();
        point.Playback?.Copy(frame, bytes);
        StringBuilder text = new();
        RecordedHeaders headers = new(bytes.AsSpan(frame.HeaderLength), recording.IsJson);
        while (headers.MoveNext())
        {
            string name = Encoding.UTF8.GetString(headers.Name);
            string value = name == "Event-Name" ? "CHANNEL_DATA"
                : recording.IsJson ? UrlEncode(RecordedEvent.Decode(headers.Value, json: true))
                : Encoding.UTF8.GetString(headers.Value);
            text.Append(name).Append(": ").Append(value).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    /// <summary>Encodes a plain event's value like the switch.</summary>
    private static string UrlEncode(string value)
    {
        if (value.Length == 0)
        {
            return "_undef_";
        }

        StringBuilder text = new();
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            bool plain = b is > 0x20 and < 0x7f && !"#%&+:;<=>?@[\\]^`{|}\""u8.Contains(b);
            text.Append(plain ? (char)b : $"%{b:X2}");
        }

        return text.ToString();
    }

    private sealed record Point(int Position, Playback? Playback);
}

/// <summary>The SIP profiles of a recorded switch, as far as its events reveal them.</summary>
internal static class RecordedProfiles
{
    /// <summary>
    /// mod_sofia's configuration with each profile found in a channel name (<c>sofia/internal/…</c>), and an RTCP interval if the recording has RTCP.
    /// SIP capture is on, as it should be on a switch; the stand-in itself sends no SIP.
    /// </summary>
    public static string ToXml(Recording recording)
    {
        bool rtcp = recording.Frames.Any(static frame => frame.Name == "RECV_RTCP_MESSAGE");
        return new XElement(
            "configuration",
            new XAttribute("name", "sofia.conf"),
            new XElement("global_settings", Param("capture-server", "udp:127.0.0.1:9060;hep=3;capture_id=100")),
            new XElement("profiles", NamesOf(recording).Select(name => new XElement(
                "profile",
                new XAttribute("name", name),
                new XElement("settings", Param("sip-capture", "yes"), rtcp ? Param("rtcp-audio-interval-msec", "5000") : null))))).ToString();
    }

    private static XElement Param(string name, string value) => new("param", new XAttribute("name", name), new XAttribute("value", value));

    private static SortedSet<string> NamesOf(Recording recording)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (RecordedFrame frame in recording.Frames)
        {
            if (frame.Name == "CHANNEL_CREATE" && recording.HeaderOf(frame, "Channel-Name"u8).Split('/') is ["sofia", string profile, ..])
            {
                names.Add(profile);
            }
        }

        return names;
    }
}
