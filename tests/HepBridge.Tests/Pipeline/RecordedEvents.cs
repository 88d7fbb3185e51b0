using System.Text;
using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Tests.Pipeline;

/// <summary>Parses the events of a recorded event socket stream without the pipeline.</summary>
internal static class RecordedEvents
{
    /// <summary>Event-Sequence and Event-Date-Timestamp of every event.</summary>
    public static HashSet<(string Sequence, long Time)> Times(byte[] stream)
    {
        HashSet<(string, long)> times = [];
        EventParser parser = new();
        foreach ((byte[] bytes, EventEncoding encoding) in All(stream).Where(recorded => recorded.Encoding != EventEncoding.Log))
        {
            Assert.True(parser.TryParse(bytes, encoding, out FreeSwitchEvent e, out EventRejection rejection), rejection.ToString());
            Assert.True(e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long time));
            times.Add((Encoding.ASCII.GetString(e.Get(KnownHeader.EventSequence).Raw), time));
        }

        return times;
    }

    /// <summary>The bytes of every event and log line.</summary>
    public static List<(byte[] Bytes, EventEncoding Encoding)> All(byte[] stream)
    {
        List<(byte[], EventEncoding)> events = [];
        using EslFrameReader reader = new();
        int at = 0;
        while (at < stream.Length)
        {
            Memory<byte> free = reader.GetMemory();
            int length = Math.Min(free.Length, stream.Length - at);
            stream.AsMemory(at, length).CopyTo(free);
            at += length;
            reader.Advance(length);
            while (reader.TryRead(out EslFrame frame))
            {
                switch (frame.ContentType)
                {
                    case EslContentType.EventPlain:
                        events.Add((frame.Body.ToArray(), EventEncoding.Plain));
                        break;
                    case EslContentType.EventJson:
                        events.Add((frame.Body.ToArray(), EventEncoding.Json));
                        break;
                    case EslContentType.LogData:
                        events.Add((frame.Bytes.ToArray(), EventEncoding.Log));
                        break;
                }
            }
        }

        return events;
    }
}
