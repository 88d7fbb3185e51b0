using System.Text;
using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Fuzz.Corpora;

/// <summary>The recorded events of each leg, in order, as whole frames.</summary>
internal static class RecordedLegs
{
    /// <summary>
    /// The legs of a stream; with <paramref name="onlyRtcp"/>, one event with the Call-ID and the media, followed by
    /// RTCP events only.
    /// </summary>
    public static List<byte[][]> Read(byte[] stream, bool onlyRtcp)
    {
        Dictionary<string, List<(byte[] Frame, EventKind Kind)>> legs = [];
        EventParser parser = new();
        foreach (byte[] bytes in RecordedFrames.Frames(stream))
        {
            EslFraming.TryRead(bytes, int.MaxValue, out EslFrame frame, out _, out _);
            EventEncoding encoding = frame.ContentType == EslContentType.EventJson ? EventEncoding.Json : EventEncoding.Plain;
            if (frame.ContentType is EslContentType.EventPlain or EslContentType.EventJson && parser.TryParse(frame.Body, encoding, out FreeSwitchEvent e, out _))
            {
                string id = Encoding.ASCII.GetString(e.Get(KnownHeader.UniqueId).Raw);
                if (!legs.TryGetValue(id, out List<(byte[], EventKind)>? events))
                {
                    legs.Add(id, events = []);
                }

                events.Add((bytes, e.Kind));
            }
        }

        IEnumerable<byte[][]> found = onlyRtcp
            ? legs.Values.Where(events => events.Exists(one => IsRtcp(one.Kind))).Select(events =>
                events.Where(one => one.Kind == EventKind.ChannelAnswer).Take(1).Concat(events.Where(one => IsRtcp(one.Kind)).Take(12)).Select(one => one.Frame).ToArray())
            : legs.Values.Select(events => events.Take(40).Select(one => one.Frame).ToArray());
        return [.. found];
    }

    private static bool IsRtcp(EventKind kind) => kind is EventKind.RecvRtcp or EventKind.SendRtcp;
}
