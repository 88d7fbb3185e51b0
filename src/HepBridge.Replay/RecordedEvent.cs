using System.Buffers.Text;
using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Replay;

/// <summary>What playback needs to know about an event.</summary>
internal readonly record struct RecordedEvent(string Name, string Subclass, long Time)
{
    /// <summary>Reads an event's headers once, and records the positions of times (<paramref name="offset"/> is that of the body in the recording).</summary>
    public static RecordedEvent Read(ReadOnlySpan<byte> body, bool json, int offset, List<TimeField> fields)
    {
        string name = "";
        string subclass = "";
        long time = 0;
        RecordedHeaders headers = new(body, json);
        while (headers.MoveNext())
        {
            ReadOnlySpan<byte> value = headers.Value;
            if (TimeField.KindOf(headers.Name, value) is { } kind)
            {
                fields.Add(new TimeField(offset + headers.ValueStart, kind));
            }

            if (!headers.Name.StartsWith("Event-"u8))
            {
                continue;
            }

            if (headers.Name.SequenceEqual("Event-Name"u8) && name.Length == 0)
            {
                name = Decode(value, json);
            }
            else if (headers.Name.SequenceEqual("Event-Subclass"u8) && subclass.Length == 0)
            {
                subclass = Decode(value, json);
            }
            else if (headers.Name.SequenceEqual("Event-Date-Timestamp"u8) && time == 0 && Utf8Parser.TryParse(value, out long number, out _))
            {
                time = number;
            }
        }

        return new RecordedEvent(name, subclass, time);
    }

    /// <summary>A value as text, decoded like the agent decodes it.</summary>
    public static string Decode(ReadOnlySpan<byte> value, bool json)
    {
        HeaderValue header = new(value, json ? ValueEncoding.JsonString : ValueEncoding.Url);
        if (header.IsVerbatim)
        {
            return Encoding.UTF8.GetString(header.Raw);
        }

        byte[] decoded = new byte[header.MaxDecodedLength];
        header.TryDecode(decoded, out int written);
        return Encoding.UTF8.GetString(decoded.AsSpan(0, written));
    }
}
