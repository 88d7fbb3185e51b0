using System.Text;
using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Tests.Pipeline;

/// <summary>What stands in a recorded event socket stream, read without the pipeline.</summary>
internal static class RecordedEvents
{
    /// <summary>Event-Sequence and Event-Date-Timestamp of every event.</summary>
    public static HashSet<(string Sequence, long Time)> Times(byte[] stream)
    {
        var times = new HashSet<(string, long)>();
        var parser = new EventParser();
        using var reader = new EslFrameReader();
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
                if (frame.ContentType is not (EslContentType.EventPlain or EslContentType.EventJson))
                {
                    continue;
                }

                EventEncoding encoding = frame.ContentType == EslContentType.EventJson ? EventEncoding.Json : EventEncoding.Plain;
                Assert.True(parser.TryParse(frame.Body, encoding, out FreeSwitchEvent e, out EventRejection rejection), rejection.ToString());
                Assert.True(e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long time));
                times.Add((Encoding.ASCII.GetString(e.Get(KnownHeader.EventSequence).Raw), time));
            }
        }

        return times;
    }
}
